// SPDX-License-Identifier: EUPL-1.2
// Torhaus: entities and requests made to fit a schema, for trials.

/// A small world that conforms to a schema: an entity of each type, and requests of each kind.
package struct SchemaSample {
    /// How much of what is optional the sample has.
    package enum Fullness: Hashable, Sendable, CaseIterable {
        /// No optional attributes, no tags, no parents, empty sets.
        case least
        /// All of them, one element in each set.
        case most
    }

    private static let name: CedarText = "a"
    // Parents are other entities than the sample's own, so a type below itself makes no cycle.
    private static let parentName: CedarText = "above"
    private static let tag: CedarText = "a"

    private let schema: CedarSchema
    private let fullness: Fullness

    package init(_ schema: CedarSchema, _ fullness: Fullness) {
        self.schema = schema
        self.fullness = fullness
    }

    /// One entity of each type, without the actions.
    package var entities: [CedarEntity] {
        schema.entityTypes.values.sorted { $0.name < $1.name }.map { type in
            var tags = CedarRecord.empty
            if fullness == .most, let value = type.tags {
                tags = CedarRecord([Self.tag: self.value(of: value)])
            }
            return CedarEntity(
                uid: uid(of: type.name, Self.name),
                attributes: record(of: type.attributes),
                tags: tags,
                parents: fullness == .most ? Set(type.ancestors.map { uid(of: $0, Self.parentName) }) : []
            )
        }
    }

    /// A request of each kind, at most `limit`.
    package func requests(limit: Int) -> [CedarRequest] {
        var requests: [CedarRequest] = []
        for uid in schema.actionOrder {
            guard let action = schema.actions[uid] else { continue }
            for principal in action.principals {
                for resource in action.resources {
                    guard requests.count < limit else { return requests }
                    requests.append(
                        CedarRequest(
                            principal: self.uid(of: principal, Self.name),
                            action: uid,
                            resource: self.uid(of: resource, Self.name),
                            context: record(of: action.context)
                        )
                    )
                }
            }
        }
        return requests
    }

    private func record(of type: CedarRecordType) -> CedarRecord {
        var values: [CedarText: CedarValue] = [:]
        for attribute in type.attributes where attribute.isRequired || fullness == .most {
            values[attribute.key] = value(of: attribute.type)
        }
        return CedarRecord(values)
    }

    private func value(of type: CedarType) -> CedarValue {
        switch type {
        case .bool, .isTrue: .bool(true)
        case .isFalse: .bool(false)
        case .long: .long(1)
        case .string: .string(Self.tag)
        case .entity(let name): .entity(uid(of: name, Self.name))
        case .set(let element): .set(CedarSet(fullness == .most ? [value(of: element)] : []))
        case .record(let record): .record(self.record(of: record))
        case .decimal: .decimal(CedarDecimal(scaled: 1))
        case .ip: .ip(CedarIPAddress(isV6: false, high: 0, low: 1, prefix: 32))
        case .datetime: .datetime(CedarDatetime(milliseconds: 1))
        case .duration: .duration(CedarDuration(milliseconds: 1))
        }
    }

    private func uid(of type: CedarName, _ id: CedarText) -> EntityUID {
        if type.isAction, let action = schema.actionOrder.first(where: { $0.type == type }) { return action }
        return EntityUID(type: type, id: schema.entityTypes[type]?.choices?.min() ?? id)
    }
}
