// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a policy as it was written.

package enum CedarEffect: String, Hashable, Sendable {
    case permit
    case forbid
}

/// What a scope says about the principal or the resource.
package enum CedarScope: Hashable, Sendable {
    case any
    case equal(EntityUID)
    case isIn(EntityUID)
    case isType(CedarName)
    case isTypeIn(CedarName, EntityUID)
}

/// What a scope says about the action.
package enum CedarActionScope: Hashable, Sendable {
    case any
    case equal(EntityUID)
    case isIn(EntityUID)
    /// `action in […]`; the empty list matches nothing.
    case isInAny([EntityUID])
}

/// `@name("value")`; `@name` alone has the empty value.
package struct CedarAnnotation: Sendable {
    package let name: CedarText
    package let value: CedarText
    /// Whether only the name stands there; policy JSON tells this from an empty value.
    package let isBare: Bool
    package let position: SourcePosition

    package init(
        _ name: CedarText,
        _ value: CedarText,
        isBare: Bool = false,
        at position: SourcePosition
    ) {
        self.name = name
        self.value = value
        self.isBare = isBare
        self.position = position
    }
}

/// `when { … }` or `unless { … }`.
package struct CedarCondition: Sendable {
    package enum Kind: String, Hashable, Sendable {
        case when
        case unless
    }

    package let kind: Kind
    package let body: CedarExpression
    package let position: SourcePosition

    package init(_ kind: Kind, _ body: CedarExpression, at position: SourcePosition) {
        self.kind = kind
        self.body = body
        self.position = position
    }
}

/// A policy: effect, scope, conditions, and what its author noted beside it.
///
/// Equal when all of this is equal, wherever it stands.
package struct CedarPolicy: Sendable {
    /// Unique in its set; the parser gives `policy0`, `policy1`, … by position.
    package var id: CedarText
    package let effect: CedarEffect
    /// In the order written, each name once.
    package let annotations: [CedarAnnotation]
    package let principal: CedarScope
    package let action: CedarActionScope
    package let resource: CedarScope
    /// All must hold; evaluated in this order, after the scope.
    package let conditions: [CedarCondition]
    package let position: SourcePosition

    package init(
        id: CedarText,
        effect: CedarEffect,
        annotations: [CedarAnnotation] = [],
        principal: CedarScope = .any,
        action: CedarActionScope = .any,
        resource: CedarScope = .any,
        conditions: [CedarCondition] = [],
        position: SourcePosition = .start
    ) {
        self.id = id
        self.effect = effect
        self.annotations = annotations
        self.principal = principal
        self.action = action
        self.resource = resource
        self.conditions = conditions
        self.position = position
    }

    /// The value of an annotation; nil when the policy does not carry it.
    package func annotation(_ name: CedarText) -> CedarText? {
        annotations.first { $0.name == name }?.value
    }
}
