// SPDX-License-Identifier: EUPL-1.2
// Torhaus: from durable records to a signed checkpoint.

internal import LinuxKit
package import MerkleLog
internal import Synchronization

extension AuditLog {
    /// A new checkpoint.
    package struct Publication: Sendable {
        /// The size before and after.
        package let sizes: ClosedRange<UInt64>
        package let root: TreeHash
        /// The checkpoint with the log's signature.
        package let note: SignedNote
    }

    /// Puts everything durable into tiles and signs a checkpoint; nil when nothing is new.
    ///
    /// Order: tiles (not synced: the journal has their records), the anchor (synced), the signature, the
    /// checkpoint (synced). After a failure the next call does all of it again.
    package func publish() throws(AuditLogError) -> Publication? {
        try published.withLock { (published) throws(AuditLogError) in
            let entries = pending.withLock { $0.take() }
            guard !entries.isEmpty else { return nil }
            let old = published.frontier.size
            var frontier = published.frontier
            var tail = published.tail
            try store.extend(&frontier, &tail, by: entries)
            try store.writeEdge(frontier, tail)
            let value = SignedSize(size: frontier.size, root: frontier.root(LogCrypto.hasher))
            try published.anchor.write(value)
            let note = try CheckpointFile.write(place, value, signer)
            published.frontier = frontier
            published.tail = tail
            publishedCount.store(value.size, ordering: .releasing)
            pending.withLock { $0.drop() }
            return Publication(sizes: old...value.size, root: value.root, note: note)
        }
    }

    /// Publishes the last checkpoint with more signatures, if it is still the last; false otherwise.
    package func publish(cosigned note: SignedNote) throws(AuditLogError) -> Bool {
        try published.withLock { (published) throws(AuditLogError) in
            guard let checkpoint = try? Checkpoint.open(note, by: key, LogCrypto.notes),
                checkpoint.size == published.frontier.size,
                checkpoint.root == published.anchor.newest.root
            else { return false }
            try CheckpointFile.publish(place, note)
            return true
        }
    }

    /// The last checkpoint as it is on the disk, with its cosignatures.
    package func lastCheckpoint() throws(AuditLogError) -> SignedNote {
        guard let bytes = try CheckpointFile.read(place.directory), let note = try? SignedNote(bytes) else {
            throw AuditLogError(.invalid, "the checkpoint cannot be read")
        }
        return note
    }

    /// Proof that the log only grew since it had `old` records; nil when that is above the published size.
    package func consistency(from old: UInt64, to new: UInt64) throws(AuditLogError) -> ConsistencyProof? {
        try ConsistencyProof.make(old: old, new: new, from: store.nodes(size: new), LogCrypto.hasher)
    }
}

extension TileStore {
    /// Adds entries: full tiles and full bundles go to the disk, the rest stays in `frontier` and `tail`.
    func extend(
        _ frontier: inout TileFrontier,
        _ tail: inout [[UInt8]],
        by entries: some Sequence<[UInt8]>
    ) throws(AuditLogError) {
        do {
            for entry in entries {
                let index = frontier.size / UInt64(MerkleLimits.tileWidth)
                let full = try frontier.append(LogCrypto.hasher.leaf(entry), LogCrypto.hasher)
                tail.append(entry)
                for tile in full { try write(tile.coordinate, HashTile.encode(tile.hashes)) }
                guard tail.count == MerkleLimits.tileWidth else { continue }
                try write(TileCoordinate(.entries, index: index), EntryBundle.encode(tail))
                tail.removeAll(keepingCapacity: true)
            }
        } catch let error as AuditLogError {
            throw error
        } catch {
            throw AuditLogError(.invalid, "the records do not fit into tiles: \(error)")
        }
    }

    /// Writes the partial tiles and the partial bundle of this size.
    func writeEdge(_ frontier: TileFrontier, _ tail: [[UInt8]]) throws(AuditLogError) {
        do {
            for tile in frontier.partialTiles { try write(tile.coordinate, HashTile.encode(tile.hashes)) }
            guard !tail.isEmpty else { return }
            let index = frontier.size / UInt64(MerkleLimits.tileWidth)
            let bundle = TileCoordinate(.entries, index: index, width: tail.count)
            try write(bundle, EntryBundle.encode(tail))
        } catch let error as AuditLogError {
            throw error
        } catch {
            throw AuditLogError(.invalid, "a record is too long")
        }
    }
}
