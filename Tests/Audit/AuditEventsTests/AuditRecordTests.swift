// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what is written reads back, byte for byte, and nothing else reads.

import Testing

@testable import AuditEvents

@Suite struct AuditRecordTests {
    private static let salt = [UInt8](repeating: 0xC3, count: AuditLine.saltLength)

    @Test("reads every event back as it was", arguments: AuditEventTests.cases)
    func roundTrip(_ wanted: AuditEventTests.Case) throws {
        let event = wanted.event
        let line = AuditLine.render(event, index: 41, milliseconds: 1_795_430_400_123, salt: Self.salt)
        let record = try AuditRecord(parsing: line)
        #expect(record.kind == event.kind)
        #expect(record.fields == event.fields)
        #expect(record.index == 41)
        #expect(record.milliseconds == 1_795_430_400_123)
        #expect(record.retention == event.retention.rawValue)
        #expect(record.salt == AuditHex.text(Self.salt))
        #expect(record.rendered == line)
        #expect(AuditLine.isBody(AuditLine.body(event, salt: Self.salt)))
    }

    @Test("reads no line that lacks its end")
    func truncated() {
        let event = AuditEventTests.sessionCases[0].event
        let line = AuditLine.render(event, index: 41, milliseconds: 9, salt: Self.salt)
        for length in 0..<line.count {
            #expect(throws: AuditRecordError.self) { try AuditRecord(parsing: Array(line[..<length])) }
        }
    }

    @Test("takes no line in which a byte was changed for the same line")
    func changed() throws {
        let event = AuditEventTests.sessionCases[0].event
        let line = AuditLine.render(event, index: 41, milliseconds: 9, salt: Self.salt)
        let record = try AuditRecord(parsing: line)
        for offset in line.indices {
            var other = line
            other[offset] ^= 0x01
            #expect((try? AuditRecord(parsing: other)) != record)
        }
    }

    struct Foreign: CustomTestStringConvertible, Sendable {
        let name: String
        let rest: String
        var testDescription: String { name }
    }

    private static let head =
        #"{"time":"1970-01-01T00:00:00.000+00:00","seq":0,"event_code":"c","event":"n","category":"k","#
        + #""outcome":"o","severity":"s","retention":"r""#

    @Test("reads texts of a later version")
    func laterVersion() throws {
        let line = Self.head + #","new_field":[],"number":-3,"flag":false,"cut":true,"salt":"00"}"#
        let record = try AuditRecord(parsing: Array(line.utf8))
        #expect(record.kind == nil)
        #expect(record.code == "c" && record.isCut && record.salt == "00")
        #expect(record.fields.map(\.value) == [.list([]), .number(-3), .flag(false)])
        #expect(record.rendered == Array(line.utf8))
    }

    @Test(
        "reads nothing that is not in its own form",
        arguments: [
            Foreign(name: "nesting", rest: #","a":{}}"#),
            Foreign(name: "a fraction", rest: #","a":1.5}"#),
            Foreign(name: "a leading zero", rest: #","a":01}"#),
            Foreign(name: "minus zero", rest: #","a":-0}"#),
            Foreign(name: "a number without end", rest: #","a":99999999999999999999}"#),
            Foreign(name: "null", rest: #","a":null}"#),
            Foreign(name: "space", rest: #", "a":1}"#),
            Foreign(name: "a key twice", rest: #","a":1,"a":1}"#),
            Foreign(name: "an envelope key twice", rest: #","seq":1}"#),
            Foreign(name: "a key behind the salt", rest: #","salt":"00","a":1}"#),
            Foreign(name: "an empty salt", rest: #","salt":""}"#),
            Foreign(name: "cut twice", rest: #","cut":true,"cut":true}"#),
            Foreign(name: "a list of numbers", rest: #","a":[1]}"#),
            Foreign(name: "a comma at a list's end", rest: #","a":["x",]}"#),
            Foreign(name: "an unknown escape", rest: #","a":"\/x\q"}"#),
            Foreign(name: "half a surrogate pair", rest: #","a":"\ud800"}"#),
            Foreign(name: "a short escape", rest: #","a":"\u00"}"#),
            Foreign(name: "a bare control character", rest: ",\"a\":\"\u{1}\"}"),
            Foreign(name: "a line feed behind it", rest: "}\n"),
            Foreign(name: "no end", rest: ""),
        ]
    )
    func foreign(_ wanted: Foreign) {
        #expect(throws: AuditRecordError.self) {
            try AuditRecord(parsing: Array((Self.head + wanted.rest).utf8))
        }
    }

    @Test("is no body when it reads but would be written differently")
    func otherForms() {
        let tail = String(Self.head.dropFirst(Self.head.utf8.prefix { $0 != UInt8(ascii: ",") }.count))
        let body = Array(tail.dropFirst(#","seq":0,"#.count).utf8)
        #expect(AuditLine.isBody(body + Array(#","a":"\u00fc"}"#.utf8)) == false)
        #expect(AuditLine.isBody(body + Array(#","a":"\u0041"}"#.utf8)) == false)
        #expect(AuditLine.isBody(body + Array(#","a":"A"}"#.utf8)))
        // Bare where we escape: DEL, a control character of C1, a line separator, a change of direction.
        for bare in ["\u{7F}", "\u{85}", "\u{2028}", "\u{202E}", "\u{2066}"] {
            #expect(AuditLine.isBody(body + Array(",\"a\":\"\(bare)\"}".utf8)) == false)
        }
        #expect(AuditLine.isBody(body + Array(#","a":"\u2028 ä € 😀"}"#.utf8)))
        #expect(AuditLine.isBody(body + Array(#","cut":true,"a":1}"#.utf8)) == false)
        #expect(AuditLine.isBody(body + Array(#","a":1,"cut":true,"salt":"00"}"#.utf8)))
    }

    @Test("reads no bytes that are not UTF-8, and none that are too many")
    func hostileBytes() {
        let bytes = Array((Self.head + #","a":""#).utf8) + [0xFF, 0xC0] + Array(#""}"#.utf8)
        #expect(throws: AuditRecordError.self) { try AuditRecord(parsing: bytes) }
        let long = [UInt8](repeating: 0x61, count: AuditLine.longest + 1)
        #expect(throws: AuditRecordError.tooLong(long.count)) { try AuditRecord(parsing: long) }
    }

    @Test("reads a damaged line as nothing, or as a record that is written like it")
    func mutations() throws {
        var random = Chance(seed: 0x5EED)
        let lines = AuditEventTests.cases.map {
            AuditLine.render($0.event, index: 41, milliseconds: 9, salt: Self.salt)
        }
        var read = 0
        for _ in 0..<20_000 {
            var line = lines[random(lines.count)]
            for _ in 0...random(3) {
                let place = random(line.count)
                switch random(4) {
                case 0: line[place] = UInt8(random(256))
                case 1: line.remove(at: place)
                case 2: line.insert(Array(#"\"{}[],:u0"#.utf8)[random(10)], at: place)
                default: line += lines[random(lines.count)].suffix(random(40))
                }
            }
            guard let record = try? AuditRecord(parsing: line) else { continue }
            read += 1
            // Reading is a little more lenient than writing; what is written reads as the same record.
            #expect(try AuditRecord(parsing: record.rendered) == record)
            let head = AuditLine.join([], index: record.index, milliseconds: record.milliseconds).count
            #expect(AuditLine.isBody(Array(line.dropFirst(head))) == (record.rendered == line))
        }
        #expect(100 < read)
    }

    @Test("a glance at a body says what reading it says, or nothing")
    func glances() throws {
        var random = Chance(seed: 0xB0D7)
        let bodies = AuditEventTests.cases.map { AuditLine.body($0.event, salt: Self.salt) }
        var understood = 0
        for body in bodies {
            var glance = AuditGlance(body)
            if glance.hasNames() != nil { understood += 1 }
            let names = try #require(AuditLine.record(ofBody: body)).names
            #expect(AuditLine.hasNames(ofBody: body) == !names.isEmpty)
        }
        // Otherwise it would be of no use.
        #expect(bodies.count / 2 < understood)

        let pieces = [
            #","a":1"#, #","a":-0"#, #","a":01"#, #","a":-7"#, #","a":"""#, #","salt":"""#, #","salt":"00""#,
            #","cut":true"#, #","event":"x""#, #","b":true"#, #","b":false"#, #","b":[]"#,
            #","a":9223372036854775808"#,
            #","actor":"x""#, #","actor":7"#, "}", "\\", "\u{7F}", "ä", "\"", ",", ":",
        ].map { Array($0.utf8) }
        var agreed = 0
        for _ in 0..<40_000 {
            var body = bodies[random(bodies.count)]
            for _ in 0...random(3) {
                let place = random(body.count)
                switch random(5) {
                case 0: body[place] = UInt8(random(256))
                case 1: body.remove(at: place)
                case 2: body.insert(contentsOf: pieces[random(pieces.count)], at: place)
                case 3: body.insert(contentsOf: pieces[random(pieces.count)], at: body.count - 1)
                default: body += bodies[random(bodies.count)].suffix(random(40))
                }
            }
            var glance = AuditGlance(body)
            guard let hasNames = glance.hasNames() else { continue }
            agreed += 1
            #expect(
                AuditLine.record(ofBody: body).map { !$0.names.isEmpty } == hasNames,
                "\(String(decoding: body, as: UTF8.self))"
            )
        }
        #expect(1_000 < agreed)
    }
}

/// The same numbers in each run, below a bound.
private struct Chance {
    var seed: UInt64

    mutating func callAsFunction(_ bound: Int) -> Int {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((seed >> 33) % UInt64(bound))
    }
}
