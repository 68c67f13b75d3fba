// SPDX-License-Identifier: EUPL-1.2
// Torhaus: for which kinds of request a policy's scope can hold.

/// Compares the scope of a policy with the types and actions of a schema.
struct PolicyScope {
    let schema: CedarSchema
    let policy: CedarPolicy

    /// Whether an entity of this type can satisfy the constraint.
    func admits(_ type: CedarName, _ scope: CedarScope) -> Bool {
        switch scope {
        case .any: true
        case .equal(let uid): uid.type == type
        case .isIn(let uid): schema.mayBeIn(type, uid.type)
        case .isType(let name): name == type
        case .isTypeIn(let name, let uid): name == type && schema.mayBeIn(type, uid.type)
        }
    }

    /// Whether the constraint names an entity the schema does not know, so that nothing can be ruled out.
    func isUnclear(_ type: CedarName, _ scope: CedarScope) -> Bool {
        switch scope {
        case .any, .isType: false
        case .equal(let uid), .isIn(let uid): !isKnown(uid)
        case .isTypeIn(let name, let uid): name == type && !isKnown(uid)
        }
    }

    /// Whether the action satisfies the constraint.
    func admits(_ action: CedarAction) -> Bool {
        switch policy.action {
        case .any: true
        case .equal(let uid): uid == action.uid
        case .isIn(let uid): isIn(action, uid)
        // One unknown action, and the official validator takes the list for empty.
        case .isInAny(let uids): uids.allSatisfy(isKnown) && uids.contains { isIn(action, $0) }
        }
    }

    /// Whether the constraint on the action has a mistake, so that nothing can be ruled out.
    var hasUnclearAction: Bool {
        switch policy.action {
        case .any: false
        case .equal(let uid), .isIn(let uid): !isKnown(uid)
        case .isInAny(let uids): uids.isEmpty || !uids.allSatisfy(isKnown) || Set(uids.map(\.type)).count != 1
        }
    }

    private func isKnown(_ uid: EntityUID) -> Bool {
        uid.type.isAction ? schema.actions[uid] != nil : schema.entityTypes[uid.type] != nil
    }

    private func isIn(_ action: CedarAction, _ group: EntityUID) -> Bool {
        action.uid == group || action.ancestors.contains(group)
    }
}
