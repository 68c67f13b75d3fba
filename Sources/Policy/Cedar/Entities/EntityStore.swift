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
    /// One more, for a request; kept apart so that the others need not be copied.
    private let guest: Record?

    package static let empty = EntityStore(records: [:], guest: nil)

    private init(records: [EntityUID: Record], guest: Record?) {
        self.records = records
        self.guest = guest
    }

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
        guest = nil
    }

    /// The same store with one entity more, or with another in its place; takes the place of an earlier guest.
    ///
    /// `ancestors` are all entities above it, as the caller worked them out; nothing is below it.
    package func with(guest: CedarEntity, ancestors: Set<EntityUID>) -> EntityStore {
        EntityStore(records: records, guest: Record(entity: guest, ancestors: ancestors))
    }

    package subscript(uid: EntityUID) -> Record? {
        if let guest, guest.entity.uid == uid { return guest }
        return records[uid]
    }

    package var count: Int {
        guard let guest else { return records.count }
        return records.count + (records[guest.entity.uid] == nil ? 1 : 0)
    }

    /// All entities, in no order.
    package var entities: some Sequence<CedarEntity> {
        let uid = guest?.entity.uid
        return records.values.map(\.entity).filter { $0.uid != uid } + (guest.map { [$0.entity] } ?? [])
    }

    /// Whether `left in right`: the same, or below it.
    package func isDescendant(_ left: EntityUID, of right: EntityUID) -> Bool {
        left == right || (self[left]?.ancestors.contains(right) ?? false)
    }
}
