// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of texts, floors, exit codes and frames.

import DaemonMessages
import Testing

@testable import Auth

@Suite("Module texts")
struct ModuleTextTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let bytes: [UInt8]
        let text: String
        var testDescription: String { name }

        init(_ name: String, _ bytes: [UInt8], _ text: String) {
            (self.name, self.bytes, self.text) = (name, bytes, text)
        }
    }

    @Test(
        "are one harmless line",
        arguments: [
            Case("spaces at the ends", Array("Password: ".utf8), "Password:"),
            Case("an escape sequence", Array("\u{1B}[31mred\u{7}".utf8), "[31mred"),
            Case("lines", Array("one\r\n\r\ntwo\tthree".utf8), "one two three"),
            Case("a turned direction", Array("abc\u{202E}def\u{2066}".utf8), "abcdef"),
            Case("a zero width space and a C1 control", Array("a\u{200B}b\u{85}c\u{9B}d".utf8), "ab cd"),
            Case("no UTF-8", [0x50, 0xE4, 0x73, 0xFF], "P\u{FFFD}s\u{FFFD}"),
            Case("umlauts", Array("Kennwort für Jörg".utf8), "Kennwort für Jörg"),
            Case("nothing", [], ""),
        ]
    )
    func clean(_ each: Case) {
        #expect(ModuleText.clean(each.bytes) == each.text)
    }

    @Test("are cut at 512 bytes, between characters")
    func cut() {
        for text in ["a", "ä", "€", "😀", "a ", "€ "] {
            let cleaned = ModuleText.clean(Array(String(repeating: text, count: 10_000).utf8))
            #expect(cleaned.utf8.count <= 512)
            #expect(505 < cleaned.utf8.count)
            #expect(!cleaned.unicodeScalars.contains("\u{FFFD}"))
        }
    }

    @Test("possible and impossible user names")
    func users() {
        for user in ["anna", "KREIS\\anna", "anna@kreis.example", "Anna Muster", "jörg", "a", "x-1"] {
            #expect(ModuleText.isPossibleUser(user), "\(user)")
        }
        for user in [
            "", "a\tb", "a\u{7F}", "a/b", "a:b", "-a", "a\u{202E}b", String(repeating: "ä", count: 129),
        ] {
            #expect(!ModuleText.isPossibleUser(user), "\(user)")
        }
    }
}

@Suite("The failure floor")
struct FailureFloorTests {
    private let floor = FailureFloor(floor: .milliseconds(1000))

    @Test("results of one period leave together")
    func together() {
        for elapsed in [0, 7, 12, 86, 999, 1000] {
            let due = floor.failureDue(
                began: .seconds(5),
                now: .milliseconds(5000 + elapsed),
                jitter: .milliseconds(40)
            )
            #expect(due == .milliseconds(6040))
        }
        #expect(
            floor.failureDue(began: .zero, now: .milliseconds(1001), jitter: .zero) == .milliseconds(2000)
        )
    }

    @Test("is never before now, also when there is no floor or the clock did not move")
    func never() {
        let none = FailureFloor(floor: .zero)
        #expect(
            none.failureDue(began: .zero, now: .milliseconds(3), jitter: .milliseconds(2)) == .milliseconds(5)
        )
        #expect(floor.failureDue(began: .seconds(2), now: .seconds(1), jitter: .zero) == .seconds(3))
    }

    @Test("a question waits for a quarter")
    func question() {
        #expect(floor.questionDue(began: .zero, now: .milliseconds(12)) == .milliseconds(250))
        #expect(floor.questionDue(began: .zero, now: .milliseconds(251)) == .milliseconds(500))
    }
}

@Suite("Exit codes of workers")
struct WorkerExitTests {
    @Test("come back as what they were, and are none that a module's exit gives")
    func roundTrip() {
        var seen: Set<Int32> = []
        var all: [WorkerExit] = [
            .succeeded, .groupsAnswered, .abandoned, .lineBroken, .moduleBrokeLimit, .userIdChanged,
            .unreadableUser, .tooManyGroups, .nameServiceFailed, .startFailed,
        ]
        for stage in WorkerExit.Stage.allCases {
            all += (0..<32).map { .refused(stage, status: $0) }
        }
        for each in all {
            #expect(WorkerExit(code: each.code) == each)
            #expect(64 <= each.code && each.code <= 255)
            #expect(seen.insert(each.code).inserted)
        }
        for code: Int32 in [-1, 0, 1, 2, 63, 74, 127, 256, 4096] { #expect(WorkerExit(code: code) == nil) }
    }

    @Test("an unknown libpam code still fits")
    func unknownStatus() {
        #expect(
            WorkerExit.refused(.account, status: 99).code == WorkerExit.refused(.account, status: 31).code
        )
    }
}

@Suite("The frame buffer")
struct FrameBufferTests {
    private let frames = [SignInRequest.abandon.encoded(), SignInRequest.answer([[1, 2, 3], []]).encoded()]

    @Test("gives the same frames wherever the bytes are split, and wipes what it was given")
    func split() throws {
        let stream = frames.flatMap { $0 }
        for cut in 0...stream.count {
            let buffer = FrameBuffer(limit: 1000)
            var found: [[UInt8]] = []
            for part in [stream[..<cut], stream[cut...]] {
                var bytes = Array(part)
                buffer.append(&bytes)
                #expect(bytes.isEmpty)
                while let frame = try buffer.next() { found.append(frame) }
            }
            #expect(found == frames.map { Array($0.dropFirst(4)) })
        }
    }

    @Test("refuses a length that fits no frame", arguments: [0, 1, 1001, 0x7FFF_FFFF, 0xFFFF_FFFF])
    func badLength(_ length: Int) {
        let buffer = FrameBuffer(limit: 1000)
        var bytes = (0..<4).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) }
        buffer.append(&bytes)
        #expect(throws: FrameBuffer.BadLength()) { try buffer.next() }
    }
}
