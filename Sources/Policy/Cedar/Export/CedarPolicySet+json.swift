// SPDX-License-Identifier: EUPL-1.2
// Torhaus: writes policies as policy JSON.

extension CedarPolicySet {
    /// The set in the official JSON form, with ids as keys; ask `jsonNodes` first when policies come from outside.
    package var json: CedarJSON {
        [
            "templates": .object(templates.map { CedarJSON.Member($0.policy.id, $0.json) }),
            "staticPolicies": .object(policies.map { CedarJSON.Member($0.id, $0.json) }),
            "templateLinks": .array([]),
        ]
    }
}

extension CedarPolicy {
    /// The policy in the official JSON form; without annotations that key is left out.
    package var json: CedarJSON { json(principal: principal.json, resource: resource.json) }

    fileprivate func json(principal: CedarJSON, resource: CedarJSON) -> CedarJSON {
        var members = [
            CedarJSON.Member("effect", .string(CedarText(effect.rawValue))),
            CedarJSON.Member("principal", principal),
            CedarJSON.Member("action", action.json),
            CedarJSON.Member("resource", resource),
            CedarJSON.Member("conditions", .array(conditions.map(\.json))),
        ]
        if !annotations.isEmpty {
            let notes = annotations.map { CedarJSON.Member($0.name, $0.isBare ? .null : .string($0.value)) }
            members.append(CedarJSON.Member("annotations", .object(notes)))
        }
        return .object(members)
    }
}

extension CedarTemplate {
    /// The template in the official JSON form.
    package var json: CedarJSON {
        policy.json(
            principal: principal?.json("?principal") ?? policy.principal.json,
            resource: resource?.json("?resource") ?? policy.resource.json
        )
    }
}

extension CedarTemplate.Slot {
    fileprivate func json(_ name: CedarJSON) -> CedarJSON {
        switch self {
        case .equal: ["op": "==", "slot": name]
        case .isIn: ["op": "in", "slot": name]
        case .isTypeIn(let type): ["op": "is", "entity_type": .string(type.text), "in": ["slot": name]]
        }
    }
}

extension CedarScope {
    fileprivate var json: CedarJSON {
        switch self {
        case .any: ["op": "All"]
        case .equal(let uid): ["op": "==", "entity": uid.json]
        case .isIn(let uid): ["op": "in", "entity": uid.json]
        case .isType(let type): ["op": "is", "entity_type": .string(type.text)]
        case .isTypeIn(let type, let uid):
            ["op": "is", "entity_type": .string(type.text), "in": ["entity": uid.json]]
        }
    }
}

extension CedarActionScope {
    fileprivate var json: CedarJSON {
        switch self {
        case .any: ["op": "All"]
        case .equal(let uid): ["op": "==", "entity": uid.json]
        case .isIn(let uid): ["op": "in", "entity": uid.json]
        case .isInAny(let uids) where uids.count == 1:
            // The official engine does not keep whether there were brackets.
            ["op": "in", "entity": uids.first?.json ?? .null]
        case .isInAny(let uids): ["op": "in", "entities": .array(uids.map(\.json))]
        }
    }
}

extension CedarCondition {
    fileprivate var json: CedarJSON {
        ["kind": .string(CedarText(kind.rawValue)), "body": body.json]
    }
}

extension EntityUID {
    /// The entity as an object with `type` and `id`.
    package var json: CedarJSON { ["type": .string(type.text), "id": .string(id)] }
}
