// SPDX-License-Identifier: EUPL-1.2
// Torhaus: records that wait for the log on the producer's own disk.

internal import AuditEvents
internal import DaemonMessages
internal import LinuxKit

/// A file of frames; a torn last one was never promised to anybody.
///
/// Used by the client's thread alone.
struct Spool: ~Copyable {
    private let file: DurableFile
    private var size: Int
    /// Records in the file.
    private(set) var count: Int
    /// Those of them that tell of a refusal.
    private(set) var refusals: Int
    /// Where the next record to deliver starts.
    private var delivered = 0

    /// Opens the file and cuts a torn end.
    init(_ path: String) throws(SystemError) {
        let opened = try DurableFile(path, .creatingIfMissing(mode: 0o600))
        let bytes = try opened.read(min(try opened.size(), ClientLimits.spool), at: 0)
        var (whole, records, refused) = (0, 0, 0)
        while let (record, length) = Self.record(bytes[whole...]) {
            whole += length
            records += 1
            if Self.tellsARefusal(record) { refused += 1 }
        }
        try opened.truncate(to: whole)
        file = opened
        size = whole
        count = records
        refusals = refused
    }

    var isEmpty: Bool { size == 0 }

    /// Returns true when the record is on the disk, false when the spool is full.
    mutating func add(_ record: AuditAppend) throws(SystemError) -> Bool {
        let frame = AuditRequest.append(number: 0, record).encoded()
        guard size + frame.count <= ClientLimits.spool else { return false }
        do throws(SystemError) {
            try file.write(frame, at: size)
            try file.sync()
        } catch {
            // What a failed write left must not be read as a record later.
            try? file.truncate(to: size)
            throw error
        }
        size += frame.count
        count += 1
        if Self.tellsARefusal(record) { refusals += 1 }
        return true
    }

    // MARK: Delivering

    /// The next records, at most `limit`; the same ones again until `drop` is called.
    borrowing func next(_ limit: Int) throws(SystemError) -> [AuditAppend] {
        let room = limit * (AuditFrameLimits.body + 64)
        let bytes = try file.read(min(size - delivered, room), at: delivered)
        var records: [AuditAppend] = []
        var place = 0
        while records.count < limit, let (record, length) = Self.record(bytes[place...]) {
            records.append(record)
            place += length
        }
        return records
    }

    /// These are in the log; when all are, the file becomes empty.
    ///
    /// After a crash before that, they are delivered again.
    mutating func drop(_ records: [AuditAppend]) throws(SystemError) {
        for record in records { delivered += AuditRequest.append(number: 0, record).encoded().count }
        guard delivered == size else { return }
        try file.truncate(to: 0)
        try file.sync()
        (size, delivered, count, refusals) = (0, 0, 0, 0)
    }

    /// Bodies begin with the code of their kind.
    private static func tellsARefusal(_ record: AuditAppend) -> Bool {
        refusalHeads.contains(Array(record.body.prefix(headLength)))
    }

    private static let refusalHeads: Set<[UInt8]> = Set(
        AuditKind.allCases.filter(\.tellsARefusal).map { Array("\"event_code\":\"\($0.rawValue)\"".utf8) }
    )

    /// All codes have the same length.
    private static let headLength = refusalHeads.first?.count ?? 0

    private static func record(_ bytes: ArraySlice<UInt8>) -> (AuditAppend, Int)? {
        guard FrameLimits.lengthBytes <= bytes.count else { return nil }
        let length = bytes.prefix(FrameLimits.lengthBytes).reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= FrameLimits.frame, length <= bytes.count - FrameLimits.lengthBytes else { return nil }
        let frame = Array(bytes.dropFirst(FrameLimits.lengthBytes).prefix(length))
        guard case .append(_, let record)? = try? AuditRequest(frame: frame) else { return nil }
        return (record, FrameLimits.lengthBytes + length)
    }
}
