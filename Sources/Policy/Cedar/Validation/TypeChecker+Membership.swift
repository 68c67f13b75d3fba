// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the type checker: `in`.

extension TypeChecker {
    /// `left in right`: false where the hierarchy of the schema rules it out, exact for actions.
    mutating func membership(
        _ left: CedarExpression,
        _ right: CedarExpression,
        _ prior: Capabilities
    ) -> Typing {
        let one = expect(.entity, left, prior) { _ in "`contains` asks whether something is in a set" }
        let other = expect(.entityOrEntities, right, prior)
        guard one.isSound, other.isSound else { return .unsound(.bool) }
        if let action = literalEntity(left), action.type.isAction, let groups = literalEntities(right) {
            return Typing(isAction(action, in: groups) ? .isTrue : .isFalse)
        }
        guard case .entity(let type) = one.type, let group = Self.entityType(of: other.type) else {
            return Typing(.bool)
        }
        return Typing(schema.mayBeIn(type, group) ? .bool : .isFalse)
    }

    private func isAction(_ action: EntityUID, in groups: [EntityUID]) -> Bool {
        groups.contains { group in
            // No action is in an entity that is not an action, not even in one called the same.
            group.type.isAction
                && (group == action || schema.actions[action]?.ancestors.contains(group) == true)
        }
    }

    private static func entityType(of type: CedarType?) -> CedarName? {
        switch type {
        case .entity(let name), .set(.entity(let name)): name
        default: nil
        }
    }

    /// The entity a literal names; `action` counts as one, it is known here.
    private func literalEntity(_ expression: CedarExpression) -> EntityUID? {
        switch expression.kind {
        case .literal(.entity(let uid)): uid
        case .variable(.action): environment.action.uid
        default: nil
        }
    }

    private func literalEntities(_ expression: CedarExpression) -> [EntityUID]? {
        if let one = literalEntity(expression) { return [one] }
        guard case .set(let elements) = expression.kind else { return nil }
        var all: [EntityUID] = []
        for element in elements {
            guard let one = literalEntity(element) else { return nil }
            all.append(one)
        }
        return all
    }
}
