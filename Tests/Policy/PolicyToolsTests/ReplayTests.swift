// SPDX-License-Identifier: EUPL-1.2
// Torhaus: recorded decisions are asked again, and what is no record does no harm.

import AccessPolicy
import Cedar
import Testing

@testable import PolicyTools

@Suite("Replay")
struct ReplayTests {
    private let line = """
        {"time":"2026-11-25T11:00:00Z","user":"mia","groups":["rhoenblick"],"action":"connect",\
        "desktop":"rhoenblick/buero/d1","src_ip":"10.1.7.7","factor":"totp","factor_age":60,\
        "client":"native","trust":"unknown","allowed":true,"redirections":["clipboardIn"],\
        "policy_rule":["rhoenblick/access/tagsueber"],"sequence":7}
        """

    private func replay(_ lines: [String], rows: [AccessRow] = [County.office]) throws -> DecisionReplay {
        var replay = DecisionReplay(try County.set(County.input(rows: rows)))
        for line in lines { replay.add(line: line) }
        return replay
    }

    @Test("a record is read with all its parts")
    func record() throws {
        let record = try RecordedDecision(line: line)
        #expect(record.circumstances == County.at())
        #expect(record.target == .desktop("rhoenblick/buero/d1"))
        #expect(record.redirections == [.clipboardIn])
        #expect(record.rules == ["rhoenblick/access/tagsueber"])
    }

    @Test("the same answer changes nothing")
    func same() throws {
        let replay = try replay([line, "", line])
        #expect(replay.lines == 3)
        #expect(replay.decisions == 2)
        #expect(replay.groups.isEmpty)
        #expect(replay.unreadableCount == 0)
    }

    @Test("losses are counted by the rules then and now")
    func losses() throws {
        var late = County.office
        late.hours = County.hours(1...5, 13 * 60, 20 * 60)
        let replay = try replay([line, line], rows: [late])
        let (group, sum) = try #require(replay.sorted.first)
        #expect(group.kind == .loses)
        #expect(group.before == ["rhoenblick/access/tagsueber"])
        #expect(group.reason == .outsideHours)
        #expect(sum.count == 2)
        #expect(sum.line == 1)
    }

    @Test("redirections are compared when they were recorded")
    func redirections() throws {
        var row = County.office
        row.may = [.print]
        #expect(Set(try replay([line], rows: [row]).groups.keys.map(\.kind)) == [.morePasses, .lessPasses])
        let without = line.replacing("\"redirections\":[\"clipboardIn\"],", with: "")
        #expect(try replay([without], rows: [row]).groups.isEmpty)
    }

    static let noRecords = [
        ("{", "json"), ("[]", "user is missing"), ("null", "user is missing"),
        ("{\"user\":1}", "user: expected a string, found a number"),
        ("{\"user\":\"a\",\"action\":\"fly\"}", "action: there is no \"fly\""),
        ("{\"user\":\"a\",\"action\":\"connect\"}", "desktop is missing"),
        ("{\"user\":\"a\",\"action\":\"login\",\"src_ip\":\"1.2.3\"}", "src_ip is no address"),
        (
            "{\"user\":\"a\",\"action\":\"login\",\"src_ip\":\"1.2.3.4\",\"time\":\"now\"}",
            "time: expected milliseconds"
        ),
        (
            "{\"user\":\"a\",\"action\":\"login\",\"src_ip\":\"1.2.3.4\",\"time\":1,\"allowed\":\"yes\"}",
            "allowed: expected true or false"
        ),
        (
            "{\"user\":\"a\",\"action\":\"login\",\"src_ip\":\"1.2.3.4\",\"time\":1,\"allowed\":true,\"redirections\":[\"x\"]}",
            "redirections: there is no \"x\""
        ),
    ]

    @Test("what is no record is counted with its line", arguments: noRecords)
    func unreadable(_ text: String, _ message: String) throws {
        let replay = try replay(["", text, line])
        #expect(replay.unreadableCount == 1)
        #expect(replay.decisions == 1)
        let found = try #require(replay.unreadable.first)
        #expect(found.line == 2)
        if message != "json" { #expect(found.message.contains(message)) }
    }

    @Test("of many unreadable lines some are kept")
    func many() throws {
        let replay = try replay(Array(repeating: "x", count: 50))
        #expect(replay.unreadableCount == 50)
        #expect(replay.unreadable.count == DecisionReplay.keptMessages)
    }

    @Test("a moment outside of the calendar is answered")
    func extremes() throws {
        for time in ["9223372036854775807", "-9223372036854775808"] {
            let extreme = line.replacing("\"2026-11-25T11:00:00Z\"", with: time)
                .replacing("\"factor_age\":60", with: "\"factor_age\":\(time)")
            #expect(try replay([extreme]).decisions == 1)
        }
    }

    @Test("what is written down reads the same, and replays without a difference")
    func written() throws {
        let set = try County.set()
        var replay = DecisionReplay(set)
        let people = [
            set.person("mia \"x\"", groups: ["rhoenblick", "homeoffice", "ä\u{0301}"]),
            set.person("rita", groups: ["revision"]),
        ]
        var circumstances = [
            County.at(), County.at(22, from: "2001:db8::1", factor: .webauthn, trust: .managed),
        ]
        circumstances[1].device = "PC-7"
        for person in people {
            for target in AccessTarget.all(of: [set]) {
                for one in circumstances {
                    let question = PolicyQuestion(person, target.action, target.target, one)
                    let record = RecordedDecision(question, set.decide(question))
                    let again = try RecordedDecision(line: record.line)
                    #expect(again.line == record.line)
                    replay.add(line: record.line)
                }
            }
        }
        #expect(replay.unreadableCount == 0)
        #expect(20 < replay.decisions)
        #expect(replay.groups.isEmpty)
    }

    @Test("any damaged line is a decision or unreadable", arguments: 0..<20)
    func damaged(seed: Int) throws {
        var numbers = SeededNumbers(seed: seed)
        let pieces = [
            "\"", "{", "[", "9223372036854775808", "null", "-1", "\\u0000", "\u{0}", "::", "/", ",",
        ]
        var replay = DecisionReplay(try County.set())
        for _ in 0..<60 {
            var bytes = Array(line.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &numbers) {
                let start = Int.random(in: 0..<bytes.count, using: &numbers)
                let end = min(bytes.count, start + Int.random(in: 0...8, using: &numbers))
                bytes.replaceSubrange(
                    start..<end,
                    with: Array((pieces.randomElement(using: &numbers) ?? "").utf8)
                )
            }
            replay.add(line: String(decoding: bytes, as: UTF8.self))
        }
        #expect(replay.lines == 60)
        #expect(replay.decisions + replay.unreadableCount == 60)
    }
}
