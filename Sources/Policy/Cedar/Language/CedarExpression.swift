// SPDX-License-Identifier: EUPL-1.2
// Torhaus: expressions of Cedar as a tree.

/// An expression and where it begins.
///
/// Equal when the trees are equal, wherever they stand.
/// The parser bounds the depth (`CedarLimits.treeDepth`), so walking and freeing a tree may recurse.
package struct CedarExpression: Sendable {
    package let kind: Kind
    package let position: SourcePosition
    /// Levels of nodes from here down, at least 1.
    package let depth: Int32

    package init(_ kind: Kind, at position: SourcePosition) {
        self.kind = kind
        self.position = position
        depth = 1 + kind.children.reduce(0) { max($0, $1.depth) }
    }

    package indirect enum Kind: Hashable, Sendable {
        /// The parser gives only Bool, Long, String and entity values; `folded` gives others too.
        case literal(CedarValue)
        case variable(CedarVariable)
        case conditional(CedarExpression, then: CedarExpression, else: CedarExpression)
        /// `a && b && …`, at least two operands, evaluated from the left until one is false.
        case and([CedarExpression])
        /// `a || b || …`, at least two operands, evaluated from the left until one is true.
        case or([CedarExpression])
        case not(CedarExpression)
        case negate(CedarExpression)
        case isEmpty(CedarExpression)
        case binary(CedarOperator, CedarExpression, CedarExpression)
        /// `e.name` and `e["name"]`.
        case getAttribute(CedarExpression, CedarText)
        /// `e has a.b.c`: at least one name; means `e has a && e.a has b && e.a.b has c`.
        ///
        /// Kept as one node so that nested paths cannot make evaluation grow exponentially.
        case hasAttribute(CedarExpression, [CedarText])
        case like(CedarExpression, CedarPattern)
        /// `e is T` and `e is T in x`, which means `e is T && e in x`.
        case isType(CedarExpression, CedarName, in: CedarExpression?)
        case set([CedarExpression])
        /// Keys are distinct; order as written.
        case record([CedarField])
        case call(CedarFunction, [CedarExpression])
    }
}

extension CedarExpression: Hashable {
    package static func == (left: CedarExpression, right: CedarExpression) -> Bool {
        left.depth == right.depth && left.kind == right.kind
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(kind) }
}

/// One `key: value` of a record literal.
package struct CedarField: Hashable, Sendable {
    package let key: CedarText
    package let value: CedarExpression

    package init(_ key: CedarText, _ value: CedarExpression) {
        self.key = key
        self.value = value
    }
}

extension CedarExpression.Kind {
    /// The expressions directly below, from left to right.
    package var children: [CedarExpression] {
        switch self {
        case .literal, .variable: []
        case .conditional(let test, let then, let otherwise): [test, then, otherwise]
        case .and(let all), .or(let all), .set(let all), .call(_, let all): all
        case .not(let one), .negate(let one), .isEmpty(let one): [one]
        case .binary(_, let left, let right): [left, right]
        case .getAttribute(let one, _), .hasAttribute(let one, _), .like(let one, _): [one]
        case .isType(let one, _, in: let other): other.map { [one, $0] } ?? [one]
        case .record(let fields): fields.map(\.value)
        }
    }
}
