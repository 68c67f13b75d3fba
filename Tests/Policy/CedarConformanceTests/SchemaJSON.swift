// SPDX-License-Identifier: EUPL-1.2
// Torhaus: compares a schema with its official translation to JSON.

@testable import Cedar

/// Follows a schema in JSON and looks whether ours says the same.
///
/// The translations of the corpus hold no common types, so each type stands there in full.
struct SchemaJSON {
    private let schema: CedarSchema

    init(_ schema: CedarSchema) { self.schema = schema }

    func isOfficial(_ json: CedarJSON) -> Bool {
        guard let namespaces = json.members else { return false }
        var types = 0
        var actions = 0
        for namespace in namespaces {
            for member in namespace.value["entityTypes"]?.members ?? [] {
                types += 1
                let name = qualified(member.key, in: namespace.key)
                guard let type = schema.entityTypes[name], isSame(type, member.value, namespace.key) else {
                    return false
                }
            }
            for member in namespace.value["actions"]?.members ?? [] {
                actions += 1
                let uid = EntityUID(type: qualified("Action", in: namespace.key), id: member.key)
                guard let action = schema.actions[uid], isSame(action, member.value, namespace.key) else {
                    return false
                }
            }
        }
        return types == schema.entityTypes.count && actions == schema.actions.count
    }

    private func isSame(_ type: CedarEntityType, _ json: CedarJSON, _ namespace: CedarText) -> Bool {
        if let choices = json["enum"]?.array { return type.choices == Set(choices.compactMap(\.string)) }
        let parents = (json["memberOfTypes"]?.array ?? []).compactMap { resolved($0.string, namespace) }
        let attributes = json["shape"].flatMap { record($0, namespace) } ?? .empty
        let tags = json["tags"].flatMap { self.type($0, namespace) }
        return type.choices == nil && type.attributes == attributes && type.tags == tags
            && parents.allSatisfy(type.ancestors.contains)
            && (json["memberOfTypes"] != nil || type.ancestors.isEmpty)
    }

    private func isSame(_ action: CedarAction, _ json: CedarJSON, _ namespace: CedarText) -> Bool {
        let applies = json["appliesTo"]
        let names = { (key: CedarText) in
            Set((applies?[key]?.array ?? []).compactMap { resolved($0.string, namespace) })
        }
        let groups = json["memberOf"]?.array ?? []
        let context = applies?["context"].flatMap { record($0, namespace) } ?? .empty
        return Set(action.principals) == names("principalTypes")
            && Set(action.resources) == names("resourceTypes")
            && action.context == context && groups.isEmpty == action.ancestors.isEmpty
            && groups.allSatisfy { group in action.ancestors.contains { .string($0.id) == group["id"] } }
    }

    private func record(_ json: CedarJSON, _ namespace: CedarText) -> CedarRecordType? {
        guard case .record(let record)? = type(json, namespace) else { return nil }
        return record
    }

    private func type(_ json: CedarJSON, _ namespace: CedarText) -> CedarType? {
        switch json["type"]?.string?.string {
        case "Record":
            return .record(
                CedarRecordType(
                    (json["attributes"]?.members ?? []).compactMap { member in
                        let isRequired = member.value["required"] != .bool(false)
                        return type(member.value, namespace).map {
                            .init(member.key, $0, isRequired: isRequired)
                        }
                    }
                )
            )
        case "Set": return json["element"].flatMap { type($0, namespace) }.map(CedarType.set)
        case "EntityOrCommon", "Entity":
            let name = json["name"]?.string
            return builtin(name?.string) ?? resolved(name, namespace).map(CedarType.entity)
        default: return nil
        }
    }

    private func builtin(_ name: String?) -> CedarType? {
        switch name {
        case "__cedar::Long": .long
        case "__cedar::String": .string
        case "__cedar::Bool": .bool
        case "__cedar::decimal": .decimal
        case "__cedar::ipaddr": .ip
        case "__cedar::datetime": .datetime
        case "__cedar::duration": .duration
        default: nil
        }
    }

    private func resolved(_ name: CedarText?, _ namespace: CedarText) -> CedarName? {
        guard let name else { return nil }
        let candidates = [qualified(name, in: namespace), CedarName(checked: name)]
        return candidates.first { schema.entityTypes[$0] != nil }
    }

    private func qualified(_ name: CedarText, in namespace: CedarText) -> CedarName {
        CedarName(checked: namespace.isEmpty ? name : CedarText("\(namespace)::\(name)"))
    }
}
