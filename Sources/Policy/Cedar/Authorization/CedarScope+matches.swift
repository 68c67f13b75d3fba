// SPDX-License-Identifier: EUPL-1.2
// Torhaus: whether a request lies in the scope of a policy.

/// An entity of a request and what is above it, looked up once per request.
struct CedarScopeSubject {
    let uid: EntityUID
    let ancestors: Set<EntityUID>

    init(_ uid: EntityUID, _ entities: EntityStore) {
        self.uid = uid
        ancestors = entities[uid]?.ancestors ?? []
    }

    func isIn(_ group: EntityUID) -> Bool { uid == group || ancestors.contains(group) }
}

extension CedarScope {
    /// Never fails: a scope cannot err.
    func matches(_ subject: CedarScopeSubject) -> Bool {
        switch self {
        case .any: true
        case .equal(let uid): subject.uid == uid
        case .isIn(let group): subject.isIn(group)
        case .isType(let type): subject.uid.type == type
        case .isTypeIn(let type, let group): subject.uid.type == type && subject.isIn(group)
        }
    }
}

extension CedarActionScope {
    func matches(_ subject: CedarScopeSubject) -> Bool {
        switch self {
        case .any: true
        case .equal(let uid): subject.uid == uid
        case .isIn(let group): subject.isIn(group)
        case .isInAny(let groups): groups.contains(where: subject.isIn)
        }
    }
}
