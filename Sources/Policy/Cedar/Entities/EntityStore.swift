// SPDX-License-Identifier: EUPL-1.2
// Torhaus: all entities a decision can see.

/// Entities by name, with all their ancestors worked out once.
package struct EntityStore: Sendable {
    /// An entity as evaluation sees it.
    package struct Record: Sendable {
        package let entity: CedarEntity
        /// All entities above it, at any distance; not itself.
        package let ancestors: Set<EntityUID>
    }

    private let records: [EntityUID: Record]

    package static let empty = EntityStore(records: [:])

    private init(records: [EntityUID: Record]) { self.records = records }

    /// Takes the entities; the same entity may be stated twice, but not differently.
    ///
    /// Throws `.entities` on contradicting statements and on cycles.
    package init(_ entities: some Sequence<CedarEntity>) throws(CedarError) {
        var stated: [EntityUID: CedarEntity] = [:]
        for entity in entities {
            if let other = stated[entity.uid], other != entity {
                throw CedarError(.entities, "the entity \(entity.uid) is stated twice, with a difference")
            }
            stated[entity.uid] = entity
        }
        records = try EntityClosure.records(of: stated)
    }

    package subscript(uid: EntityUID) -> Record? { records[uid] }

    package var count: Int { records.count }

    /// All entities, in no order.
    package var entities: some Sequence<CedarEntity> { records.values.lazy.map(\.entity) }

    /// Whether `left in right`: the same, or below it.
    package func isDescendant(_ left: EntityUID, of right: EntityUID) -> Bool {
        left == right || (records[left]?.ancestors.contains(right) ?? false)
    }
}
