// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of syslog messages, of the way through the logs, and of what is remembered.

import AuditEvents
import AuditLog
import ByteCoding
import Foundation
import LinuxKit
import MerkleLog
import Synchronization
import Testing

@testable import AuditForwarding

@Suite("syslog messages")
struct SyslogMessageTests {
    private static let message = SyslogMessage(
        host: "gate 1",
        process: 77,
        enterprise: 32_473,
        origin: #"log.example/"a\b]"#
    )

    private static func line(_ event: AuditEvent, _ index: UInt64) -> [UInt8] {
        AuditLine.render(event, index: index, milliseconds: 1_767_000_000_123)
    }

    @Test("a record is framed by its octets, with severity, time, code and number beside its unchanged bytes")
    func record() throws {
        let entry = Self.line(.logRepaired(bytes: 7), 12)
        let framed = Self.message.record(entry, index: 12)
        let header =
            "<108>1 2025-12-29T09:20:00.123+00:00 gate1 torhaus-auditd 77 GW7002W "
            + #"[torhaus@32473 origin="log.example/\"a\\b\]" seq="12"] "#
        let expected = Array(header.utf8) + [0xEF, 0xBB, 0xBF] + entry
        #expect(framed == Array("\(expected.count) ".utf8) + expected)
    }

    @Test("bytes that are no record are sent as they are, without time and code")
    func foreign() {
        let text = String(decoding: Self.message.record(Array("x".utf8), index: 0), as: UTF8.self)
        #expect(text.contains("<110>1 - gate1 torhaus-auditd 77 - ["))
        #expect(text.hasSuffix("x"))
    }

    @Test("a checkpoint carries everything that verifies the records beside it")
    func checkpoint() throws {
        let root = LogCrypto.hasher.leaf([1])
        var note = try SignedNote(text: Checkpoint(origin: "log.example", size: 9, root: root).text)
        let key = try VerifierKey(
            name: "log.example",
            algorithm: .ed25519,
            publicKey: [UInt8](repeating: 1, count: 32),
            LogCrypto.hasher
        )
        note.signatures = [NoteSignature(by: key, payload: [UInt8](repeating: 2, count: 64))]
        let framed = try #require(Self.message.checkpoint(note, milliseconds: 0))
        let text = String(decoding: framed, as: UTF8.self)
        #expect(text.contains(" CHECKPOINT ["))
        #expect(text.contains(#" size="9" root="\#(root.base64)" note="\#(Base64.encode(note.bytes))"]"#))
    }
}

/// Two logs, one after the other.
final class TwoYears {
    let root: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "torhaus-\(UUID().uuidString)"
        )
        root = folder.path
        for year in ["2026", "2027"] {
            let place = try LogPlace(
                origin: "log.example/\(year)",
                logs: "\(root)/log",
                states: "\(root)/state"
            )
            _ = try LogCreation.create(place, segmentBytes: 65_536)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    var walk: LogWalk { LogWalk(root: "\(root)/log") }

    func append(_ year: String, _ events: [AuditEvent]) throws {
        let place = try LogPlace(origin: "log.example/\(year)", logs: "\(root)/log", states: "\(root)/state")
        let (log, _) = try AuditLog.open(place, segmentBytes: 65_536)
        let first = log.durableSize
        _ = try log.append(
            events.enumerated().map { place, event in
                AuditLine.render(event, index: first + UInt64(place), milliseconds: 0)
            }
        )
        _ = try log.publish()
    }
}

@Suite("the way through the logs")
struct LogWalkTests {
    @Test("every record comes once and in order, also from one year to the next")
    func years() throws {
        let logs = try TwoYears()
        let beats = [AuditEvent](repeating: .heartbeat(origin: "o", size: 1), count: 700)
        try logs.append("2026", beats)
        var position = LogPosition(folder: "2026", index: 0)
        var seen: [String] = []
        func goOn() throws {
            while let batch = try logs.walk.next(position, limit: 256) {
                #expect(batch.records.count <= 256)
                seen += batch.records.map { "\(position.folder) \($0.index)" }
                position = batch.next
            }
        }
        try goOn()
        #expect(seen == (0..<700).map { "2026 \($0)" })
        // The new log exists already; the old one may still grow.
        try logs.append("2027", [.heartbeat(origin: "o", size: 1)])
        try goOn()
        #expect(seen.count == 700)
        try logs.append("2026", [.logContinued(origin: "log.example/2027", size: 700, verifierKey: "k")])
        try goOn()
        #expect(seen.suffix(2) == ["2026 700", "2027 0"])
    }

    @Test("the journal gets what comes after it began to follow, with its severity")
    func mirror() throws {
        let logs = try TwoYears()
        try logs.append("2026", [.heartbeat(origin: "o", size: 1)])
        let lines = Mutex<[Int]>([])
        let mirror = JournalMirror(logs: "\(logs.root)/log") { priority, _ in
            lines.withLock { $0.append(priority) }
        }
        mirror.follow(folder: "2026", size: 1)
        try logs.append("2026", [.logRepaired(bytes: 1), .heartbeat(origin: "o", size: 3)])
        mirror.follow(folder: "2026", size: 3)
        mirror.follow(folder: "2026", size: 3)
        #expect(lines.withLock { $0 } == [4, 6])
    }
}

@Suite("what the forwarder remembers")
struct ForwardMemoryTests {
    @Test("a cursor comes back, and a damaged one is no guess")
    func cursor() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(try ForwardCursor.read(path) == nil)
        let position = LogPosition(folder: "2026", index: 12_345)
        try ForwardCursor.write(path, position)
        #expect(try ForwardCursor.read(path) == position)
        for text in ["", "2026\n", "2026 x\n", "../2026 1\n", "2026 1 2\n"] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            #expect(throws: SystemError.self, "\(text)") { try ForwardCursor.read(path) }
        }
    }

    @Test("being behind is told once, by number or by time, and so is catching up")
    func progress() {
        let told = Mutex<[Forwarder.Notice]>([])
        var progress = ForwardProgress(receiver: "r") { notice in told.withLock { $0.append(notice) } }
        progress.fail("away", waiting: 3, now: 1000)
        progress.fail("away", waiting: 3, now: 500_000)
        #expect(told.withLock { $0.isEmpty })
        progress.fail("away", waiting: 3, now: 700_000)
        progress.fail("away", waiting: 3, now: 800_000)
        progress.deliver(waiting: 2, now: 900_000)
        progress.deliver(waiting: 0, now: 900_001)
        progress.deliver(waiting: 60_000, now: 900_002)
        #expect(
            told.withLock { $0 } == [
                .behind(receiver: "r", reason: "away", waiting: 3), .caughtUp(receiver: "r"),
                .behind(receiver: "r", reason: "the receiver is slow", waiting: 60_000),
            ]
        )
    }
}
