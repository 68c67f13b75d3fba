// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of journal segments that are used again with the bytes of older records still in them.

import AuditLog
import Foundation
import MerkleLog
import Testing

@Suite("segments that are used again")
struct ReuseTests {
    private static let block = 4096

    /// A log whose present segment was full of other records before, with its last batches unpublished.
    private struct Reused {
        let test: TestLog
        let size: Int
        /// The present segment.
        let segment: URL

        init() throws {
            test = try TestLog()
            let (log, _) = try test.open()
            var size = 0
            // As long as it takes to come round to a file that was used before, and then three batches more.
            while try !Self.isReused(test, size) {
                _ = try log.append(entries(size..<size + 10))
                size += 10
                _ = try log.publish()
                try log.settle()
            }
            _ = try log.append(entries(size..<size + 3))
            _ = try log.append(entries(size + 3..<size + 4))
            _ = try log.append(entries(size + 4..<size + 8))
            self.size = size + 8
            segment = test.path("journal/\(try #require(test.segments().last))")
        }

        /// The last segment has a batch of its own, and behind it one of before.
        private static func isReused(_ test: TestLog, _ size: Int) throws -> Bool {
            guard let name = try test.segments().last, let base = UInt64(name), 0 < base else { return false }
            let firsts = try ReuseTests.firsts(Data(contentsOf: test.path("journal/\(name)")))
            return firsts.contains { base <= $0.index } && 4 <= firsts.count { $0.index < base }
        }
    }

    /// Where headers of batches stand, and the first index in each.
    private static func firsts(_ data: Data) -> [(offset: Int, index: UInt64)] {
        stride(from: 0, to: data.count, by: block).compactMap { offset in
            guard data[offset..<offset + 8] == Data("THBATCH1".utf8) else { return nil }
            return (offset, data[offset + 8..<offset + 16].reduce(0) { $0 << 8 | UInt64($1) })
        }
    }

    @Test("old records behind the last batch are neither damage, nor a torn tail, nor records")
    func opened() throws {
        let reused = try Reused()
        let (log, found) = try reused.test.open()
        #expect(found.size == UInt64(reused.size) && found.repairedBytes == 0)
        #expect(try log.append([entry(reused.size)]) == UInt64(reused.size))
        _ = try log.publish()
        #expect(try reused.test.verify().verified == UInt64(reused.size + 1))
    }

    @Test("a segment that was taken and not written to yet holds nothing")
    func taken() throws {
        let reused = try Reused()
        let draft = reused.test.path("journal/next")
        var size = reused.size
        do {
            let (log, _) = try reused.test.open()
            while !FileManager.default.fileExists(atPath: draft.path) {
                _ = try log.append(entries(size..<size + 10))
                size += 10
                _ = try log.publish()
                try log.settle()
            }
        }
        #expect(!Self.firsts(try Data(contentsOf: draft)).isEmpty)
        // As a crash leaves it between the new name and the first batch.
        let digits = String(size)
        let name = String(repeating: "0", count: 20 - digits.count) + digits
        try FileManager.default.moveItem(at: draft, to: reused.test.path("journal/\(name)"))
        let (log, found) = try reused.test.open()
        #expect(found.size == UInt64(size) && found.repairedBytes == 0)
        #expect(try log.append([entry(size)]) == UInt64(size))
        _ = try log.publish()
        try log.settle()
        #expect(try reused.test.verify().verified == UInt64(size + 1))
        #expect(try reused.test.segments() == [name])
    }

    @Test("whatever blocks of the last batch were not written, it is cut off and all before it stays")
    func tornTail() throws {
        let reused = try Reused()
        let whole = try Data(contentsOf: reused.segment)
        let base = try #require(UInt64(reused.segment.lastPathComponent))
        let last = try #require(Self.firsts(whole).last { base <= $0.index })
        let behind = try #require(Self.firsts(whole).first { last.offset < $0.offset })
        let blocks = (behind.offset - last.offset) / Self.block
        try #require(2 <= blocks)
        // In place of each missing block one of an old batch.
        let old = whole[behind.offset..<behind.offset + Self.block]
        var torn = 0
        for pattern in 0..<(1 << blocks) - 1 {
            try reused.test.edit(reused.segment) { data in
                data = whole
                for number in 0..<blocks where pattern >> number & 1 == 0 {
                    let from = last.offset + number * Self.block
                    data.replaceSubrange(from..<from + Self.block, with: old)
                }
            }
            let (log, found) = try reused.test.open()
            #expect(found.size == last.index, "\(pattern)")
            if 0 < found.repairedBytes { torn += 1 }
            #expect(try log.append([entry(last.index)]) == last.index)
        }
        // Told whenever its header was written.
        #expect(torn == (1 << (blocks - 1)) - 1)
        let (log, found) = try reused.test.open()
        #expect(found.size == last.index + 1 && found.repairedBytes == 0)
        _ = try log.publish()
        #expect(try reused.test.verify().verified == last.index + 1)
    }

    @Test("a batch that is damaged in the middle is still told from a torn tail")
    func damaged() throws {
        let reused = try Reused()
        let base = try #require(UInt64(reused.segment.lastPathComponent))
        let whole = try Data(contentsOf: reused.segment)
        let own = Self.firsts(whole).filter { base <= $0.index }
        for batch in own.dropLast() {
            try reused.test.edit(reused.segment) { data in
                data = whole
                data[batch.offset + 100] ^= 1
            }
            let error = try #require(throws: AuditLogError.self) { try reused.test.open() }
            #expect(error.code == .refused(.journalDamaged), "\(batch)")
        }
    }

    @Test("pruning leaves nothing of what it removes in the journal, whatever was there before")
    func pruned() throws {
        let reused = try Reused()
        let (log, _) = try reused.test.open()
        _ = try log.publish()
        let journal = reused.test.path("journal")
        let base = try #require(UInt64(reused.segment.lastPathComponent))
        #expect(Self.firsts(try Data(contentsOf: reused.segment)).contains { $0.index < base })
        // One that is durable only, and so is still needed.
        _ = try log.append([entry(reused.size)])
        let gone = try log.prune(below: UInt64(reused.size)) { _ in false }
        #expect(gone.map(\.upperBound) == gone.indices.map { UInt64(256 * ($0 + 1)) } && !gone.isEmpty)
        _ = try log.publish()
        try log.settle()
        for name in try FileManager.default.contentsOfDirectory(atPath: journal.path) {
            #expect(
                Self.firsts(try Data(contentsOf: journal.appendingPathComponent(name))).isEmpty,
                "\(name)"
            )
        }
        #expect(try reused.test.verify().isGood)
        // And it goes round as before.
        let start = reused.size + 1
        for first in stride(from: start, to: start + 300, by: 10) {
            _ = try log.append(entries(first..<first + 10))
            _ = try log.publish()
            try log.settle()
        }
        #expect(log.publishedSize == UInt64(start + 300))
        #expect(try reused.test.verify().isGood)
    }

    @Test("records of a segment that is far from full go when their time has come")
    func quiet() throws {
        // As on a quiet machine: all there ever was is in one segment.
        let test = try TestLog(segmentBytes: 8 << 20)
        let (log, _) = try test.open(segmentBytes: 8 << 20)
        _ = try log.append(entries(0..<600))
        _ = try log.publish()
        try log.settle()
        #expect(try test.segments().count == 1)
        #expect(try log.prune(below: 520) { _ in false } == [0..<256, 256..<512])
        for name in try test.segments() {
            #expect(Self.firsts(try Data(contentsOf: test.path("journal/\(name)"))).isEmpty)
        }
        #expect(try log.append([entry(600)]) == 600)
        _ = try log.publish()
        #expect(try test.verify().isGood)
    }

    @Test("the next segment is asked for once, when half of the present one is used")
    func asked() throws {
        let test = try TestLog()
        let (log, _) = try test.open()
        var asked: [Int] = []
        // One block each: a segment has 16.
        for index in 0..<48 {
            _ = try log.append([[UInt8](repeating: 0x20, count: 100)])
            if log.wantsNextSegment() { asked.append(index) }
        }
        #expect(asked == [8, 24, 40])
    }

    @Test("killed at any moment of going round, the log opens with all its records")
    func goingRound() throws {
        let test = try TestLog()
        var size = 0
        for round in 0..<60 {
            let (log, found) = try test.open()
            #expect(found.size == UInt64(size) && found.repairedBytes == 0, "round \(round)")
            for _ in 0..<(round % 7 + 1) {
                _ = try log.append(entries(size..<size + 7))
                size += 7
                if round % 3 != 0 { _ = try log.publish() }
                if round % 2 == 0 { try log.settle() }
            }
        }
        let (log, _) = try test.open()
        _ = try log.publish()
        #expect(try test.verify().verified == UInt64(size))
    }
}
