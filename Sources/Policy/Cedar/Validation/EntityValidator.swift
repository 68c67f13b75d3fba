// SPDX-License-Identifier: EUPL-1.2
// Torhaus: checks entities against a schema.

extension CedarSchema {
    /// Checks all entities of a store as they were stated, before actions are added; ordered by entity.
    package func validate(_ entities: EntityStore) -> [ValidationFinding] {
        entities.entities.map(\.uid).sorted().flatMap { uid in
            entities[uid].map { EntityValidator(schema: self, record: $0).findings() } ?? []
        }
    }
}

/// Checks one entity with the ancestors it has in its store.
private struct EntityValidator {
    let schema: CedarSchema
    let record: EntityStore.Record

    private var uid: EntityUID { record.entity.uid }

    func findings() -> [ValidationFinding] {
        if uid.type.isAction { return actionFindings() }
        guard let type = schema.entityTypes[uid.type] else {
            return [finding(.unknownEntityType, "there is no entity type `\(uid.type)`")]
        }
        var findings = parentFindings(type)
        if !schema.mayExist(uid) {
            findings.append(finding(.unknownChoice, "\(uid) is none of the ids `\(uid.type)` lists"))
        }
        let conformance = ValueConformance(schema: schema)
        var problems = conformance.problems(of: record.entity.attributes, type.attributes, "the entity")
        for entry in record.entity.tags.entries {
            let name = "the tag \(CedarEscaping.quoted(entry.key.string))"
            guard let tags = type.tags else {
                problems.append(.init(kind: .noTags, message: "entities of type `\(uid.type)` have no tags"))
                break
            }
            if let problem = conformance.problem(of: entry.value, tags, name) { problems.append(problem) }
        }
        return findings + problems.map { finding($0.kind, $0.message) }
    }

    private func parentFindings(_ type: CedarEntityType) -> [ValidationFinding] {
        record.ancestors.sorted().compactMap { ancestor in
            if !type.ancestors.contains(ancestor.type) {
                return finding(.wrongParent, "the schema does not allow it below \(ancestor)")
            }
            if !schema.mayExist(ancestor) {
                return finding(.unknownChoice, "\(ancestor) is none of the ids `\(ancestor.type)` lists")
            }
            return nil
        }
    }

    /// Actions are what the schema says, no more and no less.
    private func actionFindings() -> [ValidationFinding] {
        guard let action = schema.actions[uid] else {
            return [finding(.unknownAction, "there is no such action in the schema")]
        }
        let isSame =
            record.ancestors == action.ancestors && record.entity.attributes.isEmpty
            && record.entity.tags.isEmpty
        return isSame ? [] : [finding(.actionMismatch, "the action is not as the schema declares it")]
    }

    private func finding(_ kind: ValidationFinding.Kind, _ message: String) -> ValidationFinding {
        ValidationFinding(kind, .entity(uid), message)
    }
}
