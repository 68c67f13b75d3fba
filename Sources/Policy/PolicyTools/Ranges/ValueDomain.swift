// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the values that several conditions together leave to one thing.

package import Cedar

/// What is known of the world when conditions are compared: which entities lie below which.
package struct PolicyWorld: Sendable {
    package let schema: CedarSchema
    package let entities: EntityStore

    package init(schema: CedarSchema, entities: EntityStore) {
        self.schema = schema
        self.entities = entities
    }
}

/// The values one thing may have, narrowed condition by condition.
///
/// Errs on the side of "may": when it says that nothing is left, nothing is.
struct ValueDomain {
    private var lower = Int64.min
    private var upper = Int64.max
    /// Nil as long as no list was given.
    private var listed: Set<CedarValue>?
    private var excluded: Set<CedarValue> = []
    private var ranges: [CedarIPAddress] = []
    private var holes: [CedarIPAddress] = []
    /// The value is below one of each of these.
    private var groups: [Set<EntityUID>] = []
    private var strangers: Set<EntityUID> = []
    private var types: Set<CedarName> = []
    private var otherTypes: Set<CedarName> = []
    private var isNothing = false

    mutating func narrow(_ constraint: ValueConstraint) {
        switch constraint {
        case .atLeast(let bound): lower = max(lower, bound)
        case .atMost(let bound): upper = min(upper, bound)
        case .oneOf(let values): listed = listed.map { $0.intersection(values) } ?? values
        case .noneOf(let values): excluded.formUnion(values)
        case .within(let range): ranges.append(range)
        case .outside(let range): holes.append(range)
        case .below(let some): groups.append(some)
        case .notBelow(let some): strangers.formUnion(some)
        case .ofType(let type): types.insert(type)
        case .notOfType(let type): otherTypes.insert(type)
        case .nothing: isNothing = true
        }
    }

    // MARK: Asking

    /// Whether no value is left.
    func isEmpty(_ world: PolicyWorld) -> Bool {
        if isNothing || upper < lower || 1 < types.count || !types.isDisjoint(with: otherTypes) {
            return true
        }
        if let listed { return listed.allSatisfy { !allows($0, world) } }
        if let values = finite, values.isSubset(of: excluded) { return true }
        if hasEmptyChoice(world) { return true }
        for (place, range) in ranges.enumerated() {
            let isApart = ranges.dropFirst(place + 1).contains { !range.overlaps($0) }
            if isApart || holes.contains(where: range.isInRange) { return true }
        }
        return groups.contains { group in
            group.allSatisfy { one in strangers.contains { world.entities.isDescendant(one, of: $0) } }
        }
    }

    /// Whether every value that is left meets the constraint.
    func implies(_ constraint: ValueConstraint, _ world: PolicyWorld) -> Bool {
        if let listed {
            return listed.allSatisfy { value in
                !allows(value, world) || Self.meets(value, constraint, world)
            }
        }
        switch constraint {
        case .atLeast(let bound): return bound <= lower
        case .atMost(let bound): return upper <= bound
        case .oneOf(let values):
            guard let finite else { return false }
            return finite.subtracting(excluded).isSubset(of: values)
        case .noneOf(let values):
            return values.allSatisfy { !allows($0, world) }
        case .within(let range): return ranges.contains { $0.isInRange(range) }
        case .outside(let range):
            return holes.contains(where: range.isInRange) || ranges.contains { !$0.overlaps(range) }
        case .below(let some):
            return groups.contains { group in
                group.allSatisfy { one in some.contains { world.entities.isDescendant(one, of: $0) } }
            }
        case .notBelow(let some):
            return some.allSatisfy { one in
                strangers.contains { world.entities.isDescendant(one, of: $0) }
            }
        case .ofType(let type): return types.contains(type)
        case .notOfType(let type):
            return otherTypes.contains(type) || types.contains { $0 != type }
        case .nothing: return false
        }
    }

    // MARK: Values

    /// Whether the conditions leave this value.
    private func allows(_ value: CedarValue, _ world: PolicyWorld) -> Bool {
        if isNothing || excluded.contains(value) || listed.map({ !$0.contains(value) }) ?? false {
            return false
        }
        if let number = value.orderedNumber, number < lower || upper < number { return false }
        switch value {
        case .ip(let address):
            return ranges.allSatisfy(address.isInRange) && !holes.contains(where: address.isInRange)
        case .entity(let uid):
            let constraints = groups.map(ValueConstraint.below) + types.map(ValueConstraint.ofType)
            let others = otherTypes.map(ValueConstraint.notOfType) + [.notBelow(strangers)]
            // What is not in the store may have any parents.
            let isKnown = world.knows(uid)
            return (constraints + others).allSatisfy { constraint in
                if case .below = constraint, !isKnown { return true }
                return Self.meets(value, constraint, world)
            }
        default: return true
        }
    }

    private static func meets(
        _ value: CedarValue,
        _ constraint: ValueConstraint,
        _ world: PolicyWorld
    ) -> Bool {
        switch (constraint, value) {
        case (.atLeast(let bound), _): value.orderedNumber.map { bound <= $0 } ?? false
        case (.atMost(let bound), _): value.orderedNumber.map { $0 <= bound } ?? false
        case (.oneOf(let values), _): values.contains(value)
        case (.noneOf(let values), _): !values.contains(value)
        case (.within(let range), .ip(let address)): address.isInRange(range)
        case (.outside(let range), .ip(let address)): !address.isInRange(range)
        case (.below(let some), .entity(let uid)):
            some.contains { world.entities.isDescendant(uid, of: $0) }
        case (.notBelow(let some), .entity(let uid)):
            !some.contains { world.entities.isDescendant(uid, of: $0) }
        case (.ofType(let type), .entity(let uid)): uid.type == type
        case (.notOfType(let type), .entity(let uid)): uid.type != type
        default: false
        }
    }

    /// All values that bounds leave, when they are few.
    private var finite: Set<CedarValue>? {
        let (span, over) = upper.subtractingReportingOverflow(lower)
        guard !over, 0 <= span, span < Self.fewValues else { return nil }
        // Only Long has constants next to each other that people write.
        return Set((lower...upper).map(CedarValue.long))
    }

    private static let fewValues: Int64 = 32

    /// Whether the excluded values are all that the schema lists for their type.
    private func hasEmptyChoice(_ world: PolicyWorld) -> Bool {
        guard let first = excluded.first, case .entity(let uid) = first,
            let choices = world.schema.entityTypes[uid.type]?.choices
        else { return excluded.isSuperset(of: [.bool(true), .bool(false)]) }
        return choices.allSatisfy { excluded.contains(.entity(EntityUID(type: uid.type, id: $0))) }
    }
}

extension PolicyWorld {
    /// Whether the store has the entity, or the schema lists it.
    package func knows(_ uid: EntityUID) -> Bool {
        entities[uid] != nil || schema.entityTypes[uid.type]?.choices?.contains(uid.id) ?? false
            || schema.actions[uid] != nil
    }
}

extension CedarIPAddress {
    /// Whether two ranges have an address in common.
    fileprivate func overlaps(_ other: CedarIPAddress) -> Bool {
        // Ranges of addresses lie in each other or apart.
        isInRange(other) || other.isInRange(self)
    }
}
