// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads a log that this process does not write, or a copy of one.

internal import LinuxKit
package import MerkleLog

/// The published part of a log: entries and proofs.
package struct LogReader: Sendable {
    /// A log's directory, or a copy of one.
    package let directory: String
    /// Tiles and bundles.
    package let store: TileStore

    /// Nothing is read yet.
    package init(directory: String) {
        self.directory = directory
        store = TileStore(directory: directory)
    }

    /// The checkpoint's note, verified for nobody.
    package func note() throws(AuditLogError) -> SignedNote {
        guard let bytes = try CheckpointFile.read(directory) else {
            throw AuditLogError(.invalid, "there is no checkpoint in \(directory)")
        }
        do throws(MerkleError) {
            return try SignedNote(bytes)
        } catch {
            throw AuditLogError(.invalid, "the checkpoint in \(directory) is no signed note")
        }
    }

    /// The checkpoint, signed by this key.
    package func checkpoint(by key: VerifierKey) throws(AuditLogError) -> Checkpoint {
        do throws(MerkleError) {
            return try Checkpoint.open(try noteBytes(), by: key, LogCrypto.notes)
        } catch {
            throw AuditLogError(.invalid, "the checkpoint in \(directory) is not signed by \(key.name)")
        }
    }

    private func noteBytes() throws(MerkleError) -> SignedNote {
        guard let bytes = try? CheckpointFile.read(directory) else { throw .unsigned }
        return try SignedNote(bytes)
    }

    /// How many entries the checkpoint on the disk claims, without asking who signed it: for readers that follow
    /// a log on the machine that writes it.
    package func size() throws(AuditLogError) -> UInt64 {
        let note = try note()
        do throws(MerkleError) {
            return try Checkpoint(text: note.text).size
        } catch {
            throw AuditLogError(.invalid, "the checkpoint in \(directory) cannot be read")
        }
    }

    // MARK: Entries

    /// One bundle: the index of its first entry, and its entries; nil when it was pruned.
    package func bundle(holding index: UInt64, size: UInt64) throws(AuditLogError) -> (UInt64, [[UInt8]]?) {
        let width = UInt64(MerkleLimits.tileWidth)
        guard let tile = TileCoordinate.at(.entries, index: index / width, size: size) else {
            throw AuditLogError(.invalid, "the log has \(size) records")
        }
        return (tile.index * width, try store.entries(tile))
    }

    /// The entries of a range in order; pruned ones are left out.
    package func forEachEntry(
        in range: Range<UInt64>,
        size: UInt64,
        _ body: (_ index: UInt64, _ entry: [UInt8]) throws -> Void
    ) throws {
        var next = range.lowerBound
        while next < min(range.upperBound, size) {
            let (first, entries) = try bundle(holding: next, size: size)
            let end = min(first + UInt64(MerkleLimits.tileWidth), range.upperBound, size)
            if let entries {
                for index in next..<end where index - first < UInt64(entries.count) {
                    try body(index, entries[Int(index - first)])
                }
            }
            next = end
        }
    }

    /// One entry; nil when it was pruned.
    package func entry(_ index: UInt64, size: UInt64) throws(AuditLogError) -> [UInt8]? {
        guard index < size else { throw AuditLogError(.invalid, "the log has \(size) records") }
        let (first, entries) = try bundle(holding: index, size: size)
        guard let entries else { return nil }
        let place = Int(index - first)
        guard place < entries.count else { throw AuditLogError(.invalid, "a bundle is too short") }
        return entries[place]
    }

    // MARK: Proofs

    /// Evidence for one entry under the checkpoint on the disk.
    package func proof(of index: UInt64) throws(AuditLogError) -> ProofFile {
        let note = try note()
        let size = try size(of: note)
        let made = try InclusionProof.make(
            index: index,
            size: size,
            from: store.nodes(size: size),
            LogCrypto.hasher
        )
        guard let made else { throw AuditLogError(.invalid, "the log has \(size) records") }
        return ProofFile(index: index, hashes: made.hashes, note: note)
    }

    private func size(of note: SignedNote) throws(AuditLogError) -> UInt64 {
        do throws(MerkleError) {
            return try Checkpoint(text: note.text).size
        } catch {
            throw AuditLogError(.invalid, "the checkpoint in \(directory) cannot be read")
        }
    }
}
