// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the bytes of a record, to the letter.

import Foundation
import Testing

@testable import AuditEvents

@Suite struct AuditLineTests {
    @Test("renders exactly these bytes")
    func golden() {
        let event = AuditEvent(
            .gateIncident,
            fields: [
                AuditEvent.Field("text", .text("a\"b\\c\n\u{1}\u{7F}ä\u{202E}")),
                AuditEvent.Field("number", .number(-7)),
                AuditEvent.Field("flag", .flag(true)),
                AuditEvent.Field("list", .list(["x", ""])),
            ]
        )
        let expected =
            #"{"time":"1970-01-01T00:00:00.000+00:00","seq":0,"event_code":"GW4001W","#
            + #""event":"gate.incident","category":"gate","outcome":"refused","severity":"warning","#
            + #""retention":"security","text":"a\"b\\c\n\u0001\u007fä\u202e","#
            + #""number":-7,"flag":true,"list":["x",""]}"#
        #expect(
            String(decoding: AuditLine.render(event, index: 0, milliseconds: 0), as: UTF8.self) == expected
        )
    }

    @Test("escapes every scalar so that a JSON reader gives the same text back")
    func escapesRoundTrip() throws {
        var text = ""
        for value in 0..<UInt32(0x300) {
            if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
        }
        let event = AuditEvent(.gateIncident, fields: [AuditEvent.Field("t", .text(text))])
        let line = AuditLine.render(event, index: 1, milliseconds: 1)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
        #expect(object["t"] as? String == text)
    }

    @Test("ends with the salt as hexadecimal digits")
    func salt() {
        let event = AuditEvent(.daemonStopped, fields: [])
        let line = AuditLine.render(event, index: 0, milliseconds: 0, salt: [0, 0xAB, 0xFF])
        #expect(
            String(decoding: line, as: UTF8.self).hasSuffix(#","retention":"operation","salt":"00abff"}"#)
        )
    }

    @Test("keeps every line within its limit, whatever the fields hold", arguments: ["\u{1}", "a", "ä", "🏛"])
    func longestLine(_ filler: String) throws {
        let long = String(repeating: filler, count: 600)
        let fields = AuditKey.allCases.enumerated().map { position, key in
            // More lists than any event has.
            let isList = position.isMultiple(of: 20)
            let value = isList ? AuditEvent.Value.list(Array(repeating: long, count: 99)) : .text(long)
            return AuditEvent.Field(key.rawValue, value.limited(text: 512, list: 32))
        }
        let event = AuditEvent(.sessionOpened, fields: fields)
        let salt = [UInt8](repeating: 7, count: AuditLine.saltLength)
        let line = AuditLine.render(event, index: .max, milliseconds: .max, salt: salt)
        #expect(line.count <= AuditLine.longest)
        let record = try AuditRecord(parsing: line)
        #expect(record.isCut)
        #expect(record.fields.map(\.key) == AuditKey.allCases.map(\.rawValue))
        #expect(AuditLine.isBody(AuditLine.body(event, salt: salt)))
    }

    struct Clock: CustomTestStringConvertible, Sendable {
        let milliseconds: UInt64
        let text: String
        var testDescription: String { text }
    }

    @Test(
        "shows times in UTC with milliseconds",
        arguments: [
            Clock(milliseconds: 0, text: "1970-01-01T00:00:00.000+00:00"),
            Clock(milliseconds: 951_782_400_001, text: "2000-02-29T00:00:00.001+00:00"),
            Clock(milliseconds: 1_709_251_199_999, text: "2024-02-29T23:59:59.999+00:00"),
            Clock(milliseconds: 4_107_542_400_000, text: "2100-03-01T00:00:00.000+00:00"),
            Clock(milliseconds: .max, text: "9999-12-31T23:59:59.999+00:00"),
        ]
    )
    func times(_ clock: Clock) {
        #expect(AuditTime.text(clock.milliseconds) == clock.text)
        #expect(AuditTime.text(clock.milliseconds).utf8.count == AuditTime.length)
        #expect(AuditTime.milliseconds(clock.text) == min(clock.milliseconds, 253_402_300_799_999))
    }

    @Test("agrees with the calendar library on a day of every month for 130 years")
    func agreesWithCalendar() {
        let format = ISO8601DateFormatter()
        format.formatOptions = [.withFullDate, .withFullTime, .withFractionalSeconds]
        for step in 0..<1600 {
            let milliseconds = UInt64(step) * 2_563_200_000 + 1001
            let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
            let expected = format.string(from: date).replacingOccurrences(of: "Z", with: "+00:00")
            #expect(AuditTime.text(milliseconds) == expected)
            #expect(AuditTime.milliseconds(expected) == milliseconds)
        }
    }

    @Test(
        "reads no time that is none",
        arguments: [
            "", "2026-02-29T00:00:00.000+00:00", "2026-13-01T00:00:00.000+00:00",
            "2026-01-01T24:00:00.000+00:00",
            "2026-01-01T00:60:00.000+00:00", "2026-01-01T00:00:60.000+00:00", "2026-01-01 00:00:00.000+00:00",
            "2026-01-01T00:00:00.000+01:00", "1969-12-31T23:59:59.999+00:00", "2026-01-00T00:00:00.000+00:00",
            "+026-01-01T00:00:00.000+00:00", "2026-01-01T00:00:00.000+00:00 ",
        ]
    )
    func foreignTimes(_ text: String) {
        #expect(AuditTime.milliseconds(text) == nil)
    }

    @Test("knows where a month begins and ends")
    func months() throws {
        let december = try #require(AuditTime.month("2027-12"))
        #expect(AuditTime.text(december.lowerBound) == "2027-12-01T00:00:00.000+00:00")
        #expect(AuditTime.text(december.upperBound) == "2028-01-01T00:00:00.000+00:00")
        let february = try #require(AuditTime.month("2028-02"))
        #expect(february.count == 29 * 86_400_000)
        #expect(AuditTime.month(of: february.upperBound - 1) == "2028-02")
        #expect(AuditTime.month("2028-13") == nil)
        #expect(AuditTime.month("2028-2") == nil)
    }

    @Test(
        "reads no number from what is not its own line",
        arguments: [
            "", "{}", "{\"seq\":3}", "{\"time\":\"1970-01-01T00:00:00.000+00:00\",\"seq\":3",
            "{\"time\":\"1970-01-01T00:00:00.000+00:00\",\"seq\":}",
            "{\"time\":\"1970-01-01T00:00:00.000+00:00\",\"seq\":99999999999999999999,\"a\":1}",
        ]
    )
    func foreignLines(_ line: String) {
        #expect(AuditLine.index(of: line.utf8) == nil)
    }
}
