// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the conditions of a policy, taken apart.

package import Cedar

/// One condition that must come to a given value.
///
/// `when { a && b }` are two of them, `unless { a || b }` too. Taken in order until one does not come to
/// what is wanted, they say what the policy says, errors included.
package struct Conjunct: Hashable, Sendable {
    package let expression: CedarExpression
    /// What the expression must come to.
    package let wanted: Bool

    package init(_ expression: CedarExpression, wanted: Bool = true) {
        self.expression = expression
        self.wanted = wanted
    }

    package var position: SourcePosition { expression.position }

    /// The condition as Cedar, so that it must be true; `!(a < b)` is written `a >= b`.
    package var text: String {
        if wanted { return expression.text }
        if case .binary(let operation, let left, let right) = expression.kind, let other = operation.opposite
        {
            return CedarExpression(.binary(other, left, right), at: expression.position).text
        }
        return CedarExpression(.not(expression), at: expression.position).text
    }

    /// The conditions an expression consists of when it must come to `wanted`.
    package static func parts(of expression: CedarExpression, wanted: Bool = true) -> [Conjunct] {
        switch (expression.kind, wanted) {
        case (.not(let inner), _):
            return parts(of: inner, wanted: !wanted)
        case (.and(let all), true), (.or(let all), false):
            return all.flatMap { parts(of: $0, wanted: wanted) }
        case (.isType(let one, let type, in: .some(let group)), true):
            return [
                Conjunct(CedarExpression(.isType(one, type, in: nil), at: expression.position)),
                Conjunct(CedarExpression(.binary(.isIn, one, group), at: expression.position)),
            ]
        case (.literal(.bool(let value)), _) where value == wanted:
            return []
        default:
            return [Conjunct(expression, wanted: wanted)]
        }
    }

    /// When one of several things is enough: each of them as the conditions it consists of; else nil.
    package var alternatives: [[Conjunct]]? {
        switch (expression.kind, wanted) {
        case (.or(let all), true), (.and(let all), false):
            all.map { Self.parts(of: $0, wanted: wanted) }
        default: nil
        }
    }
}

extension CedarPolicy {
    /// All conditions of the policy in the order of their evaluation; the scope is not among them.
    package var conjuncts: [Conjunct] {
        conditions.flatMap { Conjunct.parts(of: $0.body.folded, wanted: $0.kind == .when) }
    }

    /// The scope as conditions: on the action, the principal and the resource.
    package var scopeConjuncts: [Conjunct] {
        principal.conjuncts(.principal, at: position) + resource.conjuncts(.resource, at: position)
    }
}

extension CedarScope {
    fileprivate func conjuncts(_ variable: CedarVariable, at position: SourcePosition) -> [Conjunct] {
        func expression(_ kind: CedarExpression.Kind) -> CedarExpression {
            CedarExpression(kind, at: position)
        }
        let subject = expression(.variable(variable))
        func entity(_ uid: EntityUID) -> CedarExpression { expression(.literal(.entity(uid))) }
        switch self {
        case .any: return []
        case .equal(let uid): return [Conjunct(expression(.binary(.equal, subject, entity(uid))))]
        case .isIn(let uid): return [Conjunct(expression(.binary(.isIn, subject, entity(uid))))]
        case .isType(let type): return [Conjunct(expression(.isType(subject, type, in: nil)))]
        case .isTypeIn(let type, let uid):
            return Conjunct.parts(of: expression(.isType(subject, type, in: entity(uid))))
        }
    }
}

extension CedarOperator {
    /// The comparison that is true when this one is false; nil where there is none.
    fileprivate var opposite: CedarOperator? {
        switch self {
        case .equal: .notEqual
        case .notEqual: .equal
        case .less: .greaterOrEqual
        case .lessOrEqual: .greater
        case .greater: .lessOrEqual
        case .greaterOrEqual: .less
        default: nil
        }
    }
}
