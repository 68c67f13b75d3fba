// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what one condition says about one thing.

package import Cedar

/// What a condition allows a value to be.
enum ValueConstraint: Hashable {
    /// From here on; Long, datetime and duration alike, as their numbers.
    case atLeast(Int64)
    case atMost(Int64)
    case oneOf(Set<CedarValue>)
    case noneOf(Set<CedarValue>)
    /// In this range of addresses.
    case within(CedarIPAddress)
    case outside(CedarIPAddress)
    /// An entity that is, or is below, one of these.
    case below(Set<EntityUID>)
    case notBelow(Set<EntityUID>)
    case ofType(CedarName)
    case notOfType(CedarName)
    /// No value will do.
    case nothing
}

/// A condition about one thing: an expression and what its value may be.
struct Atom: Hashable {
    let path: CedarExpression
    let constraint: ValueConstraint

    /// What a condition says when it is no choice between several things.
    ///
    /// A condition that is no comparison with a constant is itself the thing, and must be true or false:
    /// so the same condition is recognised wherever it stands.
    init(_ condition: Conjunct) {
        self = Self.comparison(condition) ?? Atom(condition.expression, .oneOf([.bool(condition.wanted)]))
    }

    private init(_ path: CedarExpression, _ constraint: ValueConstraint) {
        self.path = path
        self.constraint = constraint
    }

    private static func comparison(_ condition: Conjunct) -> Atom? {
        let wanted = condition.wanted
        switch condition.expression.kind {
        case .binary(.notEqual, let left, let right):
            let equal = CedarExpression(.binary(.equal, left, right), at: condition.position)
            return comparison(Conjunct(equal, wanted: !wanted))
        case .binary(.equal, let left, let right):
            guard let (path, value) = constant(left, right) ?? constant(right, left) else { return nil }
            return Atom(path, wanted ? .oneOf([value]) : .noneOf([value]))
        case .binary(.contains, let left, let right):
            guard let (path, value) = constant(right, left), case .set(let set) = value else { return nil }
            return Atom(path, wanted ? .oneOf(Set(set.elements)) : .noneOf(Set(set.elements)))
        case .binary(.isIn, let left, let right):
            guard let (path, value) = constant(left, right), let groups = value.entities else { return nil }
            return Atom(path, wanted ? .below(groups) : .notBelow(groups))
        case .isType(let path, let type, in: nil):
            return Atom(path, wanted ? .ofType(type) : .notOfType(type))
        case .call(.isInRange, let arguments):
            guard let left = arguments.first, let right = arguments.last,
                let (path, value) = constant(left, right), case .ip(let range) = value
            else { return nil }
            return Atom(path, wanted ? .within(range) : .outside(range))
        case .binary(let operation, let left, let right):
            if let (path, value) = constant(left, right) {
                return ordered(path, operation, value, wanted)
            }
            guard let (path, value) = constant(right, left) else { return nil }
            return ordered(path, operation.mirrored, value, wanted)
        default: return nil
        }
    }

    /// The first as a thing that varies, the second as a constant.
    private static func constant(
        _ path: CedarExpression,
        _ other: CedarExpression
    ) -> (CedarExpression, CedarValue)? {
        if case .literal = path.kind { return nil }
        guard case .literal(let value) = other.kind else { return nil }
        return (path, value)
    }

    private static func ordered(
        _ path: CedarExpression,
        _ operation: CedarOperator,
        _ value: CedarValue,
        _ wanted: Bool
    ) -> Atom? {
        guard let number = value.orderedNumber else { return nil }
        switch (operation, wanted) {
        case (.less, true), (.greaterOrEqual, false):
            let (bound, over) = number.subtractingReportingOverflow(1)
            return Atom(path, over ? .nothing : .atMost(bound))
        case (.lessOrEqual, true), (.greater, false):
            return Atom(path, .atMost(number))
        case (.greater, true), (.lessOrEqual, false):
            let (bound, over) = number.addingReportingOverflow(1)
            return Atom(path, over ? .nothing : .atLeast(bound))
        case (.greaterOrEqual, true), (.less, false):
            return Atom(path, .atLeast(number))
        default: return nil
        }
    }
}

extension CedarOperator {
    /// The operator that says the same with its sides exchanged; itself where there is none.
    package var mirrored: CedarOperator {
        switch self {
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        default: self
        }
    }
}

extension CedarValue {
    /// The number of a value that has an order; nil for others.
    package var orderedNumber: Int64? {
        switch self {
        case .long(let number): number
        case .datetime(let moment): moment.milliseconds
        case .duration(let span): span.milliseconds
        default: nil
        }
    }

    /// An entity, or a set of nothing but entities; nil for others.
    fileprivate var entities: Set<EntityUID>? {
        switch self {
        case .entity(let uid): return [uid]
        case .set(let set):
            var uids: Set<EntityUID> = []
            for element in set.elements {
                guard case .entity(let uid) = element else { return nil }
                uids.insert(uid)
            }
            return uids
        default: return nil
        }
    }
}
