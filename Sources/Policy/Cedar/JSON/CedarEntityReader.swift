// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads entities from JSON.

/// Makes entities of `[{"uid", "attrs", "parents", "tags"}]`; `tags` may be missing, other keys are passed over.
package enum CedarEntityReader {
    /// Throws `.entities` with the name of the entity that cannot be read.
    ///
    /// With a schema, entities and extension values may be written without escapes.
    package static func entities(
        _ json: CedarJSON,
        schema: CedarSchema? = nil
    ) throws(CedarError) -> [CedarEntity] {
        guard let elements = json.array else {
            throw CedarError(.entities, "expected an array of entities, found \(json.kind)")
        }
        var result: [CedarEntity] = []
        result.reserveCapacity(elements.count)
        for element in elements { result.append(try entity(element, schema)) }
        return result
    }

    private static func entity(
        _ json: CedarJSON,
        _ schema: CedarSchema?
    ) throws(CedarError) -> CedarEntity {
        guard let written = json["uid"] else { throw CedarError(.entities, "an entity without uid") }
        let uid = try CedarValueReader.uid(written)
        do throws(CedarError) {
            guard let attributes = json["attrs"] else { throw CedarError(.entities, "attrs is missing") }
            guard let parents = json["parents"]?.array else {
                throw CedarError(.entities, "parents is missing or no array")
            }
            var above: Set<EntityUID> = []
            for parent in parents { above.insert(try CedarValueReader.uid(parent)) }
            return CedarEntity(
                uid: uid,
                attributes: try CedarValueReader.record(
                    attributes,
                    expected: schema?.entityTypes[uid.type]?.attributes
                ),
                tags: try tags(json["tags"], schema?.tagType(of: uid.type)),
                parents: above
            )
        } catch {
            throw CedarError(error.code, "\(uid): \(error.message)")
        }
    }

    private static func tags(
        _ json: CedarJSON?,
        _ type: CedarType?
    ) throws(CedarError) -> CedarRecord {
        guard let json else { return .empty }
        guard let members = json.members else {
            throw CedarError(.entities, "tags is \(json.kind), not an object")
        }
        var entries: [CedarRecord.Entry] = []
        for member in members {
            let value = try CedarValueReader.value(member.value, expected: type)
            entries.append(CedarRecord.Entry(member.key, value))
        }
        guard let record = CedarRecord(entries) else { throw CedarError(.entities, "a tag stands twice") }
        return record
    }
}

extension EntityStore {
    /// Reads a JSON text of entities; with a schema its actions are added.
    package init(json text: String, schema: CedarSchema? = nil) throws(CedarError) {
        let stated = try CedarEntityReader.entities(try CedarJSONReader.read(text), schema: schema)
        try self.init(schema?.completing(stated) ?? stated)
    }
}
