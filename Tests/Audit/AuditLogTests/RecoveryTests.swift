// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of what a start mends, and of everything it refuses.

import AuditLog
import Foundation
import MerkleLog
import OpenSSLKit
import Testing

@Suite("recovery")
struct RecoveryTests {
    private static let block = 4096

    /// A log with 10 published records and then two batches, of which the last is several blocks long.
    private static func written() throws -> TestLog {
        let test = try TestLog()
        let (log, _) = try test.open()
        _ = try log.append(entries(0..<10))
        _ = try log.publish()
        _ = try log.append(entries(10..<12))
        _ = try log.append(entries(12..<20))
        return test
    }

    /// Where the batches of the first segment start; the last is the end.
    private static func starts(_ data: Data) -> [Int] {
        stride(from: 0, to: data.count, by: block).filter { data[$0..<$0 + 8] == Data("THBATCH1".utf8) }
    }

    @Test("whatever blocks of the last batch are missing, the batch is cut off and all before it stays")
    func tornTail() throws {
        let test = try Self.written()
        let url = test.path("journal/\(try test.segments()[0])")
        let whole = try Data(contentsOf: url)
        let start = try #require(Self.starts(whole).last)
        let used = try #require(whole.lastIndex { $0 != 0 }) + 1
        let blocks = (used - start + Self.block - 1) / Self.block
        #expect(2 <= blocks)
        var torn = 0
        for pattern in 0..<(1 << blocks) - 1 {
            try test.edit(url) { data in
                data = whole
                for number in 0..<blocks where pattern >> number & 1 == 0 {
                    let from = start + number * Self.block
                    data.replaceSubrange(from..<from + Self.block, with: Data(count: Self.block))
                }
            }
            let (log, found) = try test.open()
            #expect(found.size == 12)
            if 0 < found.repairedBytes { torn += 1 }
            #expect(try log.append([entry(12)]) == 12)
        }
        #expect((1 << blocks) - 2 <= torn + 1)
        let (log, found) = try test.open()
        #expect(found.size == 13 && found.repairedBytes == 0)
        _ = try log.publish()
        #expect(try test.verify().verified == 13)
    }

    @Test("a tail torn at any byte is cut off")
    func tornBytes() throws {
        let test = try Self.written()
        let url = test.path("journal/\(try test.segments()[0])")
        let whole = try Data(contentsOf: url)
        let start = try #require(Self.starts(whole).last)
        let used = try #require(whole.lastIndex { $0 != 0 }) + 1
        for cut in stride(from: start + 1, to: used, by: 311) {
            try test.edit(url) { data in
                data = whole
                data.replaceSubrange(cut..., with: Data(count: whole.count - cut))
            }
            #expect(try test.open().found.size == 12, "cut at \(cut)")
        }
    }

    @Test("tiles that never reached the disk are written again out of the journal")
    func lostTiles() throws {
        let test = try TestLog(segmentBytes: 8 << 20)
        do {
            let (log, _) = try test.open(segmentBytes: 8 << 20)
            _ = try log.append(entries(0..<300))
            _ = try log.publish()
        }
        try FileManager.default.removeItem(at: test.path("tile/entries/000"))
        try test.edit(test.path("tile/0/000")) { $0 = Data() }
        try test.edit(test.path("tile/0/001.p/44")) { $0 = Data(count: $0.count) }
        _ = try test.open(segmentBytes: 8 << 20)
        #expect(try test.verify().isGood)
    }

    @Test("a checkpoint that is missing or behind is written from the state, and told")
    func lostCheckpoint() throws {
        let test = try TestLog()
        var early = Data()
        do {
            let (log, _) = try test.open()
            _ = try log.append(entries(0..<5))
            _ = try log.publish()
            early = try Data(contentsOf: test.path("checkpoint"))
            _ = try log.append(entries(5..<9))
            _ = try log.publish()
        }
        let last = try Data(contentsOf: test.path("checkpoint"))
        try test.edit(test.path("checkpoint")) { $0 = early }
        #expect(try test.open().found.checkpointRewritten)
        #expect(try Data(contentsOf: test.path("checkpoint")) == last)
        try FileManager.default.removeItem(at: test.path("checkpoint"))
        #expect(try test.open().found.checkpointRewritten)
        #expect(try Data(contentsOf: test.path("checkpoint")) == last)
        #expect(try !test.open().found.checkpointRewritten)
    }

    @Test("a half-written state costs nothing: the value before it counts")
    func tornState() throws {
        let test = try TestLog()
        do {
            let (log, _) = try test.open()
            _ = try log.append(entries(0..<5))
            _ = try log.publish()
        }
        // The first publication went into the second place; the next one goes into the first.
        try test.edit(test.statePath("anchor")) { $0.replaceSubrange(0..<40, with: Data(count: 40)) }
        #expect(try test.open().found.size == 5)
    }

    @Test("a crash while segments are removed leaves a log that opens, whichever of them are left")
    func crashWhileSettling() throws {
        let test = try TestLog()
        let before: URL
        let names: [String]
        do {
            let (log, _) = try test.open()
            for start in stride(from: 0, to: 400, by: 20) { _ = try log.append(entries(start..<start + 20)) }
            _ = try log.publish()
            names = try test.segments()
            before = try test.backup(test.path("journal").path)
            try log.settle()
        }
        let left = try test.segments()
        #expect(left.count == 1 && 4 < names.count)
        // They are removed from the oldest on: any number of the newest may be there again.
        for kept in 1..<names.count {
            for name in names.dropLast().suffix(kept) {
                let target = test.path("journal/\(name)")
                try? FileManager.default.removeItem(at: target)
                try FileManager.default.copyItem(at: before.appendingPathComponent(name), to: target)
            }
            let (log, found) = try test.open()
            #expect(found.size == 400 && found.repairedBytes == 0)
            try log.settle()
            #expect(try test.segments().count == 1)
        }
        #expect(try test.verify().verified == 400)
    }

    @Test("drafts that a crash left behind do not matter")
    func drafts() throws {
        let test = try Self.written()
        for name in ["checkpoint.new", "journal/next", "journal/next.new", "tile/0/000.p/10.new"] {
            try Data("half".utf8).write(to: test.path(name))
        }
        let (log, found) = try test.open()
        #expect(found.size == 20 && found.repairedBytes == 0)
        for start in stride(from: 20, to: 200, by: 20) { _ = try log.append(entries(start..<start + 20)) }
        _ = try log.publish()
        try log.settle()
        #expect(try test.verify().verified == 200)
    }
}

/// One way to harm a log, and how it is refused.
struct Harm: CustomTestStringConvertible, Sendable {
    let mismatch: LogMismatch
    var what = ""
    let act: @Sendable (TestLog) throws -> Void
    var testDescription: String { "\(mismatch) \(what)" }
}

@Suite("refusals")
struct RefusalTests {
    /// 600 settled and published records, and 5 that are durable only.
    private static func written() throws -> TestLog {
        let test = try TestLog()
        let (log, _) = try test.open()
        for start in stride(from: 0, to: 600, by: 50) {
            _ = try log.append(entries(start..<start + 50))
            _ = try log.publish()
        }
        try log.settle()
        for index in 600..<605 { _ = try log.append([entry(index)]) }
        _ = try log.publish()
        for index in 605..<610 { _ = try log.append([entry(index)]) }
        return test
    }

    private static func remove(_ url: URL) throws { try FileManager.default.removeItem(at: url) }

    private static func firstSegment(_ test: TestLog) throws -> URL {
        test.path("journal/\(try test.segments()[0])")
    }

    /// Signs any checkpoint with the log's own key, as an administrator with all rights could.
    private static func resign(_ test: TestLog, size: UInt64, entries: [[UInt8]]) throws {
        var range = CompactRange()
        for entry in entries { try range.append(LogCrypto.hasher.leaf(entry), LogCrypto.hasher) }
        let key = try Ed25519Key(path: test.statePath("key.pem").path)
        let signer = try LogCrypto.signer(name: test.place.origin, algorithm: .ed25519, key: key)
        let root = range.root(LogCrypto.hasher)
        var note = try SignedNote(text: Checkpoint(origin: test.place.origin, size: size, root: root).text)
        note.signatures = [try signer.signature(of: note.text)]
        let bytes = note.bytes
        try test.edit(test.path("checkpoint")) { $0 = Data(bytes) }
    }

    static let harms = [
        Harm(mismatch: .notInitialised) { try remove($0.folder) },
        Harm(mismatch: .keyMissing) { try remove($0.statePath("key.pem")) },
        Harm(mismatch: .keyOfOtherLog) { test in
            let other = try TestLog()
            try remove(test.statePath("key.pem"))
            try FileManager.default.copyItem(at: other.statePath("key.pem"), to: test.statePath("key.pem"))
        },
        Harm(mismatch: .stateMissing) { try remove($0.statePath("anchor")) },
        Harm(mismatch: .stateDamaged) {
            try $0.edit($0.statePath("anchor")) {
                $0[20] ^= 1
                $0[4116] ^= 1
            }
        },
        Harm(mismatch: .stateDamaged, what: "of another log") { test in
            let other = try TestLog(origin: "other.example/2026")
            try test.edit(test.statePath("anchor")) { anchor in
                anchor = (try? Data(contentsOf: other.statePath("anchor"))) ?? Data()
            }
        },
        Harm(mismatch: .stateOlder) { test in
            // The state as `init` made it.
            let other = try TestLog()
            try test.edit(test.statePath("anchor")) { anchor in
                anchor = (try? Data(contentsOf: other.statePath("anchor"))) ?? Data()
            }
            try remove(test.path("checkpoint"))
        },
        Harm(mismatch: .logMissing) { try remove(URL(fileURLWithPath: $0.place.directory)) },
        Harm(mismatch: .journalGap, what: "all segments gone") { test in
            for name in try test.segments() { try remove(test.path("journal/\(name)")) }
        },
        Harm(mismatch: .journalGap, what: "a later segment without the one before") { test in
            let name = try test.segments()[0]
            let later = "00000000000000000999"
            try FileManager.default.copyItem(
                at: test.path("journal/\(name)"),
                to: test.path("journal/\(later)")
            )
        },
        Harm(mismatch: .journalDamaged, what: "in the middle") { test in
            let url = try firstSegment(test)
            let data = try Data(contentsOf: url)
            let used = try #require(data.lastIndex { $0 != 0 })
            // The last batch but one.
            try test.edit(url) { $0[(used / 4096 - 1) * 4096 + 100] ^= 1 }
        },
        Harm(mismatch: .journalDamaged, what: "cut within a block") { test in
            try test.edit(firstSegment(test)) { $0.removeLast(100) }
        },
        Harm(mismatch: .recordsMissing, what: "the published tail is gone") { test in
            for name in try test.segments().dropFirst() { try remove(test.path("journal/\(name)")) }
            try test.edit(firstSegment(test)) { $0 = Data(count: $0.count) }
        },
        Harm(mismatch: .rootDiffers) { test in
            // Settled tiles changed consistently for a record of the past, beside a good checkpoint.
            var leaves = [UInt8](try Data(contentsOf: test.path("tile/0/002.p/88")))
            leaves[0] ^= 1
            let changed = Data(leaves)
            for name in try FileManager.default.contentsOfDirectory(atPath: test.path("tile/0/002.p").path) {
                try test.edit(test.path("tile/0/002.p/\(name)")) { data in
                    data = changed.prefix(data.count) + data.dropFirst(changed.count)
                }
            }
        },
        Harm(mismatch: .tilesDamaged) { test in
            let folder = test.path("tile/0/002.p")
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
                try remove(folder.appendingPathComponent(name))
            }
        },
        Harm(mismatch: .checkpointDamaged) { try $0.edit($0.path("checkpoint")) { $0[$0.count - 5] ^= 1 } },
        Harm(mismatch: .checkpointDamaged, what: "of another log") { test in
            let other = try TestLog(origin: "other.example/2026")
            let bytes = try Data(contentsOf: other.path("checkpoint"))
            try test.edit(test.path("checkpoint")) { $0 = bytes }
        },
        Harm(mismatch: .checkpointNewer, what: "more records, signed with the key") { test in
            try resign(test, size: 700, entries: entries(0..<700))
        },
        Harm(mismatch: .checkpointDiffers, what: "same size, signed with the key") { test in
            var forged = entries(0..<605)
            forged[3] = [1]
            try resign(test, size: 605, entries: forged)
        },
        Harm(mismatch: .checkpointDiffers, what: "dropped tail, signed with the key") { test in
            var forged = entries(0..<300)
            forged[3] = [1]
            try resign(test, size: 300, entries: forged)
        },
    ]

    @Test("a harmed log stays closed, and nothing is changed", arguments: harms)
    func refused(harm: Harm) throws {
        let test = try Self.written()
        try harm.act(test)
        let before = try test.contents()
        let error = try #require(throws: AuditLogError.self) { try test.open() }
        #expect(error.code == .refused(harm.mismatch))
        #expect(error.message.contains(harm.mismatch.remedy))
        #expect(try test.contents() == before)
    }

    @Test("an old copy of the log beside the newest state is refused")
    func oldLog() throws {
        let test = try TestLog()
        let old: URL
        do {
            let (log, _) = try test.open()
            _ = try log.append(entries(0..<10))
            _ = try log.publish()
            old = try test.backup(test.place.directory)
            _ = try log.append(entries(10..<20))
            _ = try log.publish()
        }
        try test.restore(old, to: test.place.directory)
        let error = try #require(throws: AuditLogError.self) { try test.open() }
        #expect(error.code == .refused(.recordsMissing))
    }

    @Test("an old copy of the state beside the newest log is refused")
    func oldState() throws {
        let test = try TestLog()
        let old: URL
        do {
            let (log, _) = try test.open()
            _ = try log.append(entries(0..<10))
            _ = try log.publish()
            old = try test.backup(test.place.state)
            _ = try log.append(entries(10..<20))
            _ = try log.publish()
        }
        try test.restore(old, to: test.place.state)
        let error = try #require(throws: AuditLogError.self) { try test.open() }
        #expect(error.code == .refused(.checkpointNewer))
    }

    @Test("a second writer is refused, and the first goes on")
    func secondWriter() throws {
        let test = try TestLog()
        let (log, _) = try test.open()
        let error = try #require(throws: AuditLogError.self) { try test.open() }
        #expect(error.code == .refused(.inUse))
        #expect(try log.append(entries(0..<1)) == 0)
    }

    @Test("every mismatch has a test, a finding and a remedy")
    func complete() {
        let tested = Set(Self.harms.map(\.mismatch)).union([.inUse])
        for mismatch in LogMismatch.allCases {
            #expect(tested.contains(mismatch), "\(mismatch)")
            #expect(!mismatch.finding.isEmpty && !mismatch.remedy.isEmpty)
        }
    }
}
