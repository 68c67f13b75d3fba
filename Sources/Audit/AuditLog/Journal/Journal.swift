// SPDX-License-Identifier: EUPL-1.2
// Torhaus: makes records durable: one write and one flush for all that wait.

internal import LinuxKit
internal import MerkleLog

/// The segments that hold everything which is not settled in tiles yet.
struct Journal {
    private static let nextName = "next"

    private let place: LogPlace
    private let origin: [UInt8]
    private let segmentBytes: Int
    private var current: JournalSegment
    private var currentBytes: Int
    private var offset: Int
    /// Behind `offset`, bytes that a failed write may have left; they are zeroed before the next write.
    private var dirty = 0
    /// A new segment may have its name already: nothing may go into the present one any more.
    private var mustRoll = false
    /// Behind `offset` are bytes of the records that were in this file before it was used again.
    private var isOverOld: Bool
    /// Somebody was told to make the segment after the present one.
    private var isNextOrdered = false
    /// Segments that are full, the oldest first.
    private(set) var closed: [JournalSegment] = []
    /// The index that the next record gets.
    private(set) var nextIndex: UInt64

    // MARK: Opening

    /// What was found, from the first segment on.
    struct Recovered {
        /// All records in the journal start here; what is before is settled in tiles.
        let base: UInt64
        let entries: [[UInt8]]
        /// Bytes of a torn tail that were cut off.
        let repaired: Int
    }

    /// Makes the first segment of a new log, if it is not there yet.
    static func createFirstSegment(
        _ place: LogPlace,
        bytes: Int
    ) throws(AuditLogError) {
        let path = "\(place.journal)/\(JournalSegment.name(0))"
        guard !Folder.exists(path) else { return }
        let draft = "\(place.journal)/\(nextName)"
        try JournalSegment.prepare(draft, bytes: bytes)
        try attempt { () throws(SystemError) in
            try Folder.rename(draft, to: path)
            try Folder.sync(place.journal)
        }
    }

    /// Opens all segments, cuts a torn tail, and refuses every other damage.
    static func open(
        _ place: LogPlace,
        segmentBytes: Int
    ) throws(AuditLogError) -> (journal: Journal, found: Recovered) {
        let names = try attempt { () throws(SystemError) in try Folder.names(in: place.journal) }
        let bases = names.compactMap(JournalSegment.base).sorted()
        guard let first = bases.first else {
            throw .refused(Folder.exists(place.checkpoint) ? .journalGap : .logMissing)
        }
        let origin = Array(place.origin.utf8)
        var entries: [[UInt8]] = []
        var opened: [JournalSegment] = []
        var last = JournalSegment.Contents()
        for (position, base) in bases.enumerated() {
            guard base == first + UInt64(entries.count) else { throw .refused(.journalGap) }
            let segment = try JournalSegment(place, base: base)
            last = try segment.scan(origin: origin)
            let isLast = position == bases.count - 1
            guard !last.isDamaged, isLast || last.torn == 0 else { throw .refused(.journalDamaged) }
            for batch in last.batches { entries += batch.entries }
            opened.append(segment)
        }
        guard let current = opened.popLast() else { throw .refused(.journalGap) }
        var journal = Journal(
            place: place,
            origin: origin,
            segmentBytes: segmentBytes,
            current: current,
            currentBytes: try current.size(),
            offset: last.end,
            isOverOld: last.isOverOld,
            nextIndex: first + UInt64(entries.count)
        )
        journal.closed = opened
        journal.dirty = last.torn
        let repaired = last.torn
        // Before anything is written behind it: two torn tails in one segment could not be told from damage.
        try journal.clean()
        return (journal, Recovered(base: first, entries: entries, repaired: repaired))
    }

    private init(
        place: LogPlace,
        origin: [UInt8],
        segmentBytes: Int,
        current: JournalSegment,
        currentBytes: Int,
        offset: Int,
        isOverOld: Bool,
        nextIndex: UInt64
    ) {
        self.place = place
        self.origin = origin
        self.segmentBytes = segmentBytes
        self.current = current
        self.currentBytes = currentBytes
        self.offset = offset
        self.isOverOld = isOverOld
        self.nextIndex = nextIndex
    }

    // MARK: Writing

    /// Returns the index of the first entry when all are on the disk.
    ///
    /// After a failure none of them counts, and the next call tries to mend what the failed one left.
    mutating func append(_ entries: [[UInt8]]) throws(AuditLogError) -> UInt64 {
        guard let length = JournalBatch.length(of: entries) else {
            throw AuditLogError(.invalid, "the records do not fit into a batch")
        }
        guard nextIndex <= MerkleLimits.treeSize - UInt64(entries.count) else {
            throw AuditLogError(.invalid, "the log is full for good")
        }
        try clean()
        if mustRoll || currentBytes < offset + length { try roll(atLeast: length) }
        let bytes: [UInt8]
        do throws(MerkleError) {
            bytes = try JournalBatch(first: nextIndex, entries: entries, isOverOld: isOverOld)
                .encoded(origin: origin)
        } catch {
            throw AuditLogError(.invalid, "a record is too long")
        }
        dirty = length
        try current.write(bytes, at: offset)
        dirty = 0
        offset += length
        defer { nextIndex += UInt64(entries.count) }
        return nextIndex
    }

    /// Puts zeros where a write failed: its records were refused, so they must not come back after a restart.
    private mutating func clean() throws(AuditLogError) {
        guard dirty != 0 else { return }
        let length = min(currentBytes - offset, dirty)
        try current.write([UInt8](repeating: 0, count: length), at: offset)
        dirty = 0
    }

    /// Goes on in the prepared segment, so that what was written so far can be settled.
    mutating func goOn() throws(AuditLogError) {
        try clean()
        try roll(atLeast: 0)
    }

    private mutating func roll(atLeast length: Int) throws(AuditLogError) {
        let bytes = max(segmentBytes, length)
        var draft = Self.draft(place)
        if segmentBytes < length || !Self.isPrepared(draft, bytes: segmentBytes) {
            // Not there yet, or too small. Under another name than that of `settle`, which may be at it now.
            draft += ".now"
            try JournalSegment.prepare(draft, bytes: bytes)
        }
        mustRoll = true
        try attempt { () throws(SystemError) in
            try Folder.rename(draft, to: "\(place.journal)/\(JournalSegment.name(nextIndex))")
            try Folder.sync(place.journal)
        }
        let next = try JournalSegment(place, base: nextIndex)
        let isUsed = try next.isUsed()
        // An empty segment that a failure left behind has the same name and was replaced.
        if current.base != nextIndex { closed.append(current) }
        current = next
        currentBytes = bytes
        isOverOld = isUsed
        offset = 0
        mustRoll = false
        isNextOrdered = false
    }

    /// True when `roll` can take the file as it is.
    static func isPrepared(_ path: String, bytes: Int) -> Bool {
        (try? DurableFile(path, .reading).size()) == bytes
    }

    // MARK: Upkeep

    /// The index of the first record in the present segment.
    var currentBase: UInt64 { current.base }

    /// True when more than half of the segment is used.
    var isNextNear: Bool { currentBytes / 2 < offset }

    /// True once for each segment, as soon as the next one is near.
    mutating func orderNext() -> Bool {
        guard isNextNear, !isNextOrdered else { return false }
        isNextOrdered = true
        return true
    }

    /// Where the file that `roll` will take is made.
    static func draft(_ place: LogPlace) -> String { "\(place.journal)/\(nextName)" }

    /// Full segments all of whose records are below `size`.
    func settled(below size: UInt64) -> [JournalSegment] {
        let ends = closed.dropFirst().map(\.base) + [current.base]
        return zip(closed, ends).filter { $0.1 <= size }.map(\.0)
    }

    /// Where the journal starts once those segments are gone.
    func base(below size: UInt64) -> UInt64 {
        (closed.map(\.base) + [current.base]).last { $0 <= size } ?? current.base
    }

    /// Forgets segments whose files were removed.
    mutating func forget(_ segments: [JournalSegment]) {
        closed.removeAll { segment in segments.contains { $0 === segment } }
    }
}
