// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one file of the journal.

internal import LinuxKit
internal import MerkleLog

/// A file of fixed size, zeros where nothing is written yet: a write changes no size and needs no new space, so that
/// it costs one flush and cannot fail for want of space.
final class JournalSegment: Sendable {
    /// The index of its first entry.
    let base: UInt64
    let path: String
    private let file: DurableFile

    init(_ place: LogPlace, base: UInt64) throws(AuditLogError) {
        self.base = base
        path = "\(place.journal)/\(Self.name(base))"
        do throws(SystemError) {
            file = try DurableFile(path, .writing)
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
            let file = try DurableFile(path, .creating(mode: LogCreation.fileMode))
            let part = [UInt8](repeating: 0, count: min(bytes, 1 << 20))
            var offset = 0
            do throws(SystemError) {
                while offset < bytes {
                    try file.write(part, at: offset)
                    offset += part.count
                }
                try file.sync()
            } catch {
                try? Folder.removeFile(path)
                throw error
            }
        }
    }

    // MARK: Writing

    /// Returns when the bytes are on the disk.
    func write(_ bytes: [UInt8], at offset: Int) throws(AuditLogError) {
        try attempt { () throws(SystemError) in
            try file.write(bytes, at: offset)
            try file.sync()
        }
    }

    /// Bytes of the file.
    func size() throws(AuditLogError) -> Int {
        try attempt { () throws(SystemError) in try file.size() }
    }

    // MARK: Reading

    /// What a scan found.
    struct Contents {
        var batches: [JournalBatch] = []
        /// Where the next batch goes.
        var end = 0
        /// Bytes behind `end` that are no batch; 0 when there are only zeros.
        var torn = 0
        /// A whole batch stands behind what is no batch: that is not a torn tail.
        var isDamaged = false
    }

    /// Reads all batches in order, each of which must go on where the one before ended.
    func scan(origin: [UInt8]) throws(AuditLogError) -> Contents {
        let bytes = try attempt { () throws(SystemError) in try file.read(try file.size(), at: 0) }
        var contents = Contents()
        var next = base
        while let (batch, length) = JournalBatch.decode(bytes[contents.end...], origin: origin),
            batch.first == next
        {
            contents.batches.append(batch)
            next += UInt64(batch.entries.count)
            contents.end = min(bytes.count, contents.end + length)
        }
        guard let last = bytes[contents.end...].lastIndex(where: { $0 != 0 }) else { return contents }
        contents.torn = last + 1 - contents.end
        var place = contents.end
        while place < bytes.count, !contents.isDamaged {
            contents.isDamaged = JournalBatch.decode(bytes[place...], origin: origin) != nil
            place += AuditLogLimits.block
        }
        return contents
    }
}
