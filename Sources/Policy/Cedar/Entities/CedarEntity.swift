// SPDX-License-Identifier: EUPL-1.2
// Torhaus: an entity with its attributes, tags and parents.

/// One entity as it was stated, before the hierarchy is worked out.
package struct CedarEntity: Hashable, Sendable {
    package let uid: EntityUID
    package let attributes: CedarRecord
    package let tags: CedarRecord
    /// Direct parents; they need not exist in the store.
    package let parents: Set<EntityUID>

    package init(
        uid: EntityUID,
        attributes: CedarRecord = .empty,
        tags: CedarRecord = .empty,
        parents: Set<EntityUID> = []
    ) {
        self.uid = uid
        self.attributes = attributes
        self.tags = tags
        self.parents = parents
    }
}
