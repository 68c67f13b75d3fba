// SPDX-License-Identifier: EUPL-1.2
// Torhaus: upkeep that may take its time: the next segment, tiles to the disk, old segments away.

internal import LinuxKit
internal import MerkleLog
internal import Synchronization

extension AuditLog {
    /// Call it now and then from a thread of its own; what it does is needed for space and speed, not for safety.
    ///
    /// A segment of the journal goes only after a checkpoint covers its records and their tiles were synced.
    package func settle() throws(AuditLogError) {
        try upkeep.withLock { (upkeep) throws(AuditLogError) in
            try clearAwaySettled(&upkeep)
            try prepareNextSegment()
        }
    }

    private func clearAwaySettled(_ upkeep: inout Upkeep) throws(AuditLogError) {
        let size = publishedSize
        let (settled, base) = journal.withLock { ($0.settled(below: size), $0.base(below: size)) }
        guard !settled.isEmpty else { return }
        // A crash may leave any of them: a start goes on from the oldest that is there.
        for start in settled.dropFirst().map(\.base) + [base] {
            try store.writeEdge(at: start, outOf: size)
        }
        try attempt { () throws(SystemError) in try Folder.syncFilesystem(of: place.directory) }
        try clearAway(settled, upkeep)
        try removePartials(&upkeep, below: size)
    }

    /// One of them becomes the draft of the next segment, the others are removed.
    ///
    /// A file that is used again costs the disk nothing, where zeros would be in the way of appending. What is in it
    /// cannot be taken for records of its new place: the indexes are lower than any there.
    private func clearAway(_ settled: [JournalSegment], _ upkeep: Upkeep) throws(AuditLogError) {
        let draft = Journal.draft(place)
        for segment in settled {
            let isWhole = try segment.size() == segmentBytes
            let isOfUse = isWhole && upkeep.reusableBase <= segment.base && !Folder.exists(draft)
            try attempt { () throws(SystemError) in
                if isOfUse {
                    try Folder.rename(segment.path, to: draft)
                } else {
                    try Folder.removeFile(segment.path)
                }
            }
        }
        try attempt { () throws(SystemError) in try Folder.sync(place.journal) }
        journal.withLock { $0.forget(settled) }
    }

    /// True once for each segment, when half of it is used: `settle` should make the next one now, because `append`
    /// would have to do it while somebody waits.
    package func wantsNextSegment() -> Bool { journal.withLock { $0.orderNext() } }

    private func prepareNextSegment() throws(AuditLogError) {
        let draft = Journal.draft(place)
        guard journal.withLock({ $0.isNextNear }), !Journal.isPrepared(draft, bytes: segmentBytes) else {
            return
        }
        // Under another name first: `append` takes it as soon as it is there.
        let early = draft + ".new"
        try JournalSegment.prepare(early, bytes: segmentBytes)
        try attempt { () throws(SystemError) in try Folder.rename(early, to: draft) }
    }

    /// Partial tiles may go when the full one is on the disk (C2SP tlog-tiles).
    private func removePartials(_ upkeep: inout Upkeep, below size: UInt64) throws(AuditLogError) {
        let width = UInt64(MerkleLimits.tileWidth)
        let full = size / width
        while upkeep.cleanedBundles < full {
            let index = upkeep.cleanedBundles
            try store.removePartials(of: TileCoordinate(.entries, index: index))
            try store.removePartials(of: TileCoordinate(.hashes(level: 0), index: index))
            var (level, above) = (1, index)
            // This bundle completes a tile of the next level, too, when it is the last of 256.
            while above % width == width - 1, level < MerkleLimits.tileLevels {
                above /= width
                try store.removePartials(of: TileCoordinate(.hashes(level: level), index: above))
                level += 1
            }
            upkeep.cleanedBundles += 1
        }
    }

    // MARK: Pruning

    /// Removes the full bundles of entries below `index`, but for those that `keeps` says hold an entry under
    /// legal hold; hashes stay, so that everything else still verifies.
    ///
    /// Nothing of them stays in the journal. What has no checkpoint yet, and what came since, is not touched.
    /// Returns the bundles that went. The caller records it: before, because what is gone cannot be recorded.
    package func prune(
        below index: UInt64,
        keeps: (Range<UInt64>) -> Bool
    ) throws(AuditLogError) -> [Range<UInt64>] {
        try upkeep.withLock { (upkeep) throws(AuditLogError) in
            let width = UInt64(MerkleLimits.tileWidth)
            // Below the minimum index there is nothing in the journal since the last time.
            if try MinimumIndex.read(place.directory) / width < index / width { try emptyJournal(&upkeep) }
            // What the journal may still have to rebuild stays.
            let base = journal.withLock { ($0.closed.first?.base ?? $0.currentBase) }
            let end = min(index, base) / width
            try MinimumIndex.raise(place.directory, to: end * width)
            var gone: [Range<UInt64>] = []
            for bundle in 0..<end {
                let range = bundle * width..<(bundle + 1) * width
                guard Folder.exists("\(place.directory)/\(TileCoordinate(.entries, index: bundle).path)"),
                    !keeps(range)
                else { continue }
                try store.removeBundle(bundle)
                gone.append(range)
            }
            return gone
        }
    }

    /// Goes on in a segment of zeros and clears away what is settled: a segment that takes weeks to fill would keep
    /// its records and those of its file's last use, whatever their age.
    private func emptyJournal(_ upkeep: inout Upkeep) throws(AuditLogError) {
        let draft = Journal.draft(place)
        let fresh = draft + ".fresh"
        try JournalSegment.prepare(fresh, bytes: segmentBytes)
        upkeep.reusableBase = try journal.withLock { (journal) throws(AuditLogError) in
            // In place of one that was used before.
            try attempt { () throws(SystemError) in try Folder.rename(fresh, to: draft) }
            try journal.goOn()
            return journal.currentBase
        }
        try clearAwaySettled(&upkeep)
    }
}

extension TileStore {
    /// Writes the partial tiles of an earlier size: the next start goes on from there, and a checkpoint of just
    /// that size may never have been published.
    fileprivate func writeEdge(at base: UInt64, outOf size: UInt64) throws(AuditLogError) {
        let width = UInt64(MerkleLimits.tileWidth)
        do {
            for level in 0..<MerkleLimits.tileLevels {
                let kind = TileCoordinate.Kind.hashes(level: level)
                let index = base >> UInt64((level + 1) * MerkleLimits.tileHeight)
                guard let edge = TileCoordinate.at(kind, index: index, size: base),
                    let grown = TileCoordinate.at(kind, index: index, size: size)
                else { continue }
                try write(edge, HashTile.encode(try hashes(grown).prefix(edge.width)))
            }
            guard let edge = TileCoordinate.at(.entries, index: base / width, size: base),
                let grown = TileCoordinate.at(.entries, index: base / width, size: size),
                let tail = try entries(grown)
            else { return }
            try write(edge, EntryBundle.encode(Array(tail.prefix(edge.width))))
        } catch let error as AuditLogError {
            throw error
        } catch {
            throw AuditLogError(.invalid, "a record is too long")
        }
    }
}

/// The number below which bundles may be missing (C2SP tlog-tiles: "minimum index").
package enum MinimumIndex {
    /// 0 when nothing was ever pruned.
    package static func read(_ directory: String) throws(AuditLogError) -> UInt64 {
        let path = "\(directory)/\(LogPlace.minimumName)"
        guard Folder.exists(path) else { return 0 }
        let bytes = try attempt { () throws(SystemError) in
            try SmallFile.read(path, limit: AuditLogLimits.smallFile)
        }
        let digits = bytes.prefix { $0 != UInt8(ascii: "\n") }
        guard let index = UInt64(String(decoding: digits, as: UTF8.self)) else {
            throw AuditLogError(.invalid, "\(path) is not a number")
        }
        return index
    }

    static func raise(_ directory: String, to index: UInt64) throws(AuditLogError) {
        guard try read(directory) < index else { return }
        try attempt { () throws(SystemError) in
            try Folder.replace(
                "\(directory)/\(LogPlace.minimumName)",
                with: Array("\(index)\n".utf8),
                mode: LogCreation.fileMode,
                durable: true
            )
        }
    }
}
