// SPDX-License-Identifier: EUPL-1.2
// Torhaus: opening a log after whatever happened to it.

internal import LinuxKit
internal import MerkleLog

extension AuditLog {
    /// What a start found and mended; each is worth a record.
    package struct Opening: Hashable, Sendable {
        /// Records on the disk.
        package let size: UInt64
        /// Of these, records without a checkpoint yet.
        package let unpublished: UInt64
        /// Bytes of a torn tail that were cut off.
        package let repairedBytes: Int
        /// The checkpoint file was missing or behind and was written anew.
        package let checkpointRewritten: Bool
    }

    /// Opens the log for writing, and locks it.
    ///
    /// `segmentBytes` is for tests.
    package static func open(
        _ place: LogPlace,
        segmentBytes: Int = AuditLogLimits.segment
    ) throws(AuditLogError) -> (log: AuditLog, found: Opening) {
        let anchor = try AnchorFile.open(place)
        let signed = anchor.newest
        let signer = try LogKey.signer(place)
        guard Folder.exists(place.directory) else { throw .refused(.logMissing) }
        guard try LogKey.verifier(in: place.directory) == signer.key else { throw .refused(.keyOfOtherLog) }
        let written = try judgeCheckpoint(place, signer, signed)

        let (journal, found) = try Journal.open(place, segmentBytes: segmentBytes)
        guard found.base <= signed.size else { throw .refused(.stateOlder) }
        let covered = signed.size - found.base
        guard covered <= UInt64(found.entries.count) else { throw .refused(.recordsMissing) }

        let store = TileStore(directory: place.directory)
        var (frontier, tail) = try store.resume(at: found.base)
        let count = Int(covered)
        try store.extend(&frontier, &tail, by: found.entries[..<count])
        guard frontier.root(LogCrypto.hasher) == signed.root else { throw .refused(.rootDiffers) }
        try store.writeEdge(frontier, tail)
        if let written, written.size < signed.size {
            let root = try store.settledRoot(size: written.size, of: signed.size)
            guard root == written.root else { throw .refused(.checkpointDiffers) }
        }
        let isCurrent = written?.size == signed.size
        if !isCurrent { try CheckpointFile.write(place, signed, signer) }

        let rest = Array(found.entries[count...])
        let log = AuditLog(
            place: place,
            signer: signer,
            segmentBytes: segmentBytes,
            journal: journal,
            pending: Pending(entries: rest, bytes: rest.reduce(0) { $0 + $1.count }),
            published: Published(anchor: anchor, frontier: frontier, tail: tail)
        )
        let opening = Opening(
            size: journal.nextIndex,
            unpublished: UInt64(rest.count),
            repairedBytes: found.repaired,
            checkpointRewritten: !isCurrent
        )
        return (log, opening)
    }

    /// What the checkpoint file says, as far as the state allows it; nil when there is none.
    private static func judgeCheckpoint(
        _ place: LogPlace,
        _ signer: NoteSigner,
        _ signed: SignedSize
    ) throws(AuditLogError) -> Checkpoint? {
        guard let bytes = try CheckpointFile.read(place.directory) else { return nil }
        guard let note = try? SignedNote(bytes),
            let checkpoint = try? Checkpoint.open(note, by: signer.key, LogCrypto.notes)
        else { throw .refused(.checkpointDamaged) }
        guard checkpoint.size <= signed.size else { throw .refused(.checkpointNewer) }
        guard checkpoint.size < signed.size || checkpoint.root == signed.root else {
            throw .refused(.checkpointDiffers)
        }
        return checkpoint
    }
}

extension TileStore {
    /// The root that the log had at an earlier size.
    fileprivate func settledRoot(size: UInt64, of whole: UInt64) throws(AuditLogError) -> TreeHash {
        do throws(AuditLogError) {
            return try nodes(size: whole).root(size: size, LogCrypto.hasher)
        } catch {
            throw Self.tilesRefused(error)
        }
    }

    /// Tiles that are missing or damaged are a mismatch; a failed call may heal.
    private static func tilesRefused(_ error: AuditLogError) -> AuditLogError {
        guard error.code == .invalid else { return error }
        return AuditLogError(.refused(.tilesDamaged), "\(error.message); \(LogMismatch.tilesDamaged.remedy)")
    }

    /// The edge of the first `size` entries out of settled tiles.
    fileprivate func resume(at size: UInt64) throws(AuditLogError) -> (TileFrontier, [[UInt8]]) {
        do throws(AuditLogError) {
            let frontier = try TileFrontier.resume(size: size, LogCrypto.hasher, refuse: Self.refuse) {
                (tile) throws(AuditLogError) in try hashes(tile)
            }
            let index = size / UInt64(MerkleLimits.tileWidth)
            guard let bundle = TileCoordinate.at(.entries, index: index, size: size) else {
                return (frontier, [])
            }
            guard let tail = try entries(bundle) else {
                throw AuditLogError(.invalid, "\(bundle.path) is missing")
            }
            return (frontier, tail)
        } catch {
            guard error.code == .invalid else { throw error }
            throw AuditLogError(
                .refused(.tilesDamaged),
                "\(error.message); \(LogMismatch.tilesDamaged.remedy)"
            )
        }
    }
}
