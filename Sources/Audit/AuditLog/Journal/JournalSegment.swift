// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one file of the journal.

internal import LinuxKit
internal import MerkleLog

/// A file of fixed size: a write needs no new space, so that it costs one flush and cannot fail for want of space.
///
/// Where nothing is written yet there are zeros, or, in a segment that is used again, batches whose
/// indexes are all below its own.
final class JournalSegment: Sendable {
    /// The index of its first entry.
    let base: UInt64
    let path: String
    private let file: BlockFile

    init(_ place: LogPlace, base: UInt64) throws(AuditLogError) {
        self.base = base
        path = "\(place.journal)/\(Self.name(base))"
        do throws(SystemError) {
            file = try BlockFile(path)
        } catch {
            throw AuditLogError(error)
        }
    }

    // MARK: Names

    /// 20 digits hold every u64, so that names sort as numbers do.
    static func name(_ base: UInt64) -> String {
        let digits = String(base)
        return String(repeating: "0", count: 20 - digits.count) + digits
    }

    static func base(of name: String) -> UInt64? {
        guard name.utf8.count == 20, let base = UInt64(name), Self.name(base) == name else { return nil }
        return base
    }

    /// Writes a file of zeros under another name; `Journal` renames it.
    static func prepare(_ path: String, bytes: Int) throws(AuditLogError) {
        try attempt { () throws(SystemError) in
            try Folder.removeFile(path)
            let file = try BlockFile(path, creating: LogCreation.fileMode)
            do throws(SystemError) {
                try file.fill(to: bytes)
            } catch {
                try? Folder.removeFile(path)
                throw error
            }
        }
    }

    // MARK: Writing

    /// Returns when the bytes are on the disk.
    func write(_ bytes: [UInt8], at offset: Int) throws(AuditLogError) {
        try attempt { () throws(SystemError) in try file.write(bytes, at: offset) }
    }

    /// Bytes of the file.
    func size() throws(AuditLogError) -> Int {
        try attempt { () throws(SystemError) in try file.size() }
    }

    // MARK: Reading

    /// True when the file holds anything at its start: it was used before, and its old bytes are still there.
    func isUsed() throws(AuditLogError) -> Bool {
        let start = try attempt { () throws(SystemError) in
            try DurableFile(path, .reading).read(AuditLogLimits.block, at: 0)
        }
        return start.contains { $0 != 0 }
    }

    /// What a scan found.
    struct Contents {
        var batches: [JournalBatch] = []
        /// Where the next batch goes.
        var end = 0
        /// Bytes behind `end` that are what a torn write left, in whole blocks; 0 when there are none.
        var torn = 0
        /// A whole batch that should come later stands behind what is no batch: that is not a torn tail.
        var isDamaged = false
        /// What is behind `end` may be batches of before the segment was used again.
        var isOverOld = false
    }

    /// Reads all batches in order, each of which must go on where the one before ended.
    func scan(origin: [UInt8]) throws(AuditLogError) -> Contents {
        let bytes = try attempt { () throws(SystemError) in
            let reading = try DurableFile(path, .reading)
            return try reading.read(try reading.size(), at: 0)
        }
        var contents = Contents()
        var next = base
        while let (batch, length) = JournalBatch.decode(bytes[contents.end...], origin: origin),
            batch.first == next
        {
            contents.batches.append(batch)
            contents.isOverOld = batch.isOverOld
            next += UInt64(batch.entries.count)
            contents.end = min(bytes.count, contents.end + length)
        }
        let rest = bytes[contents.end...]
        if contents.batches.isEmpty, let (old, _) = JournalBatch.decode(rest, origin: origin),
            old.first < base
        {
            contents.isOverOld = true
        }
        contents.torn = Self.torn(rest, next, isOverOld: contents.isOverOld)
        contents.isDamaged =
            bytes.count % AuditLogLimits.block != 0
            || Self.hasBatch(rest, origin, notBefore: contents.isOverOld ? next : 0)
        return contents
    }

    /// How much a torn write left; in a segment that is used again only the torn batch's own header tells.
    private static func torn(_ rest: ArraySlice<UInt8>, _ next: UInt64, isOverOld: Bool) -> Int {
        if isOverOld { return min(rest.count, JournalBatch.claimedLength(rest, first: next) ?? 0) }
        guard let last = rest.lastIndex(where: { $0 != 0 }) else { return 0 }
        return min(rest.count, JournalBatch.rounded(last + 1 - rest.startIndex))
    }

    private static func hasBatch(
        _ rest: ArraySlice<UInt8>,
        _ origin: [UInt8],
        notBefore index: UInt64
    ) -> Bool {
        stride(from: rest.startIndex, to: rest.endIndex, by: AuditLogLimits.block).contains { place in
            guard let (batch, _) = JournalBatch.decode(rest[place...], origin: origin) else { return false }
            return index <= batch.first
        }
    }
}
