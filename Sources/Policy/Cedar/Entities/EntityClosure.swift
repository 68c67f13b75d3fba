// SPDX-License-Identifier: EUPL-1.2
// Torhaus: works out the ancestors of all entities.

/// Transitive closure over the parents, without recursion.
enum EntityClosure {
    private struct Frame {
        let entity: CedarEntity
        var waiting: [EntityUID]
        var ancestors: Set<EntityUID>
    }

    /// Throws `.entities` when an entity is its own ancestor, `.limit` beyond `limit` ancestors of all together.
    static func records(
        of entities: [EntityUID: CedarEntity],
        limit: Int = CedarLimits.ancestors
    ) throws(CedarError) -> [EntityUID: EntityStore.Record] {
        var done: [EntityUID: EntityStore.Record] = [:]
        done.reserveCapacity(entities.count)
        var left = limit
        for entity in entities.values where done[entity.uid] == nil {
            try visit(entity, entities, &done, &left)
        }
        return done
    }

    private static func visit(
        _ first: CedarEntity,
        _ entities: [EntityUID: CedarEntity],
        _ done: inout [EntityUID: EntityStore.Record],
        _ left: inout Int
    ) throws(CedarError) {
        var stack = [Frame(entity: first, waiting: Array(first.parents), ancestors: first.parents)]
        var open: Set<EntityUID> = [first.uid]
        while var frame = stack.popLast() {
            guard let parent = frame.waiting.popLast() else {
                open.remove(frame.entity.uid)
                left -= frame.ancestors.count
                guard 0 <= left else { throw CedarError(.limit, "too many ancestors of entities") }
                done[frame.entity.uid] = EntityStore.Record(
                    entity: frame.entity,
                    ancestors: frame.ancestors
                )
                continue
            }
            if open.contains(parent) {
                throw CedarError(.entities, "the entity \(parent) is an ancestor of itself")
            }
            if let known = done[parent] {
                frame.ancestors.formUnion(known.ancestors)
                stack.append(frame)
            } else if let next = entities[parent] {
                // The parent comes first; it is asked for again when it is done.
                frame.waiting.append(parent)
                stack.append(frame)
                stack.append(Frame(entity: next, waiting: Array(next.parents), ancestors: next.parents))
                open.insert(parent)
            } else {
                stack.append(frame)
            }
        }
    }
}
