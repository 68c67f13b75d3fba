// SPDX-License-Identifier: EUPL-1.2
// Torhaus: names leave a record and nothing else of it changes.

import Testing

@testable import AuditEvents

@Suite struct RecordNamesTests {
    private static let salt: [UInt8] = Array(0..<16)
    private static let event = AuditEvent.signInFailed(
        AuditSubject(municipality: "rhoenblick", actor: "erika", actorKind: .person, source: "192.0.2.1"),
        reason: AuditReason(code: "wrong"),
        connection: AuditConnection(userAgent: "erika's browser \"7\"")
    )

    @Test("what a producer sends reads back with its names")
    func reads() throws {
        let body = AuditLine.body(Self.event, salt: Self.salt)
        let record = try #require(AuditLine.record(ofBody: body))
        #expect(record.names == ["erika"])
        #expect(record.body == body)
        #expect(try AuditRecord(body: body).body == body)
        #expect(AuditLine.record(ofBody: Array(body.dropLast())) == nil)
    }

    @Test("only fields that hold names are replaced, and the bytes are those of the event with another name")
    func replaces() throws {
        var record = try AuditRecord(body: AuditLine.body(Self.event, salt: Self.salt))
        record.replaceNames { "p." + $0.uppercased() }
        #expect(record.names == ["p.ERIKA"])
        let other = Self.event.replacingNames { (name) -> String in "p." + name.uppercased() }
        #expect(record.body == AuditLine.body(other, salt: Self.salt))
        #expect(record.text(.userAgent) == "erika's browser \"7\"")
    }

    @Test("a line that its pseudonym makes too long is cut like any other")
    func cuts() throws {
        // Every byte of these texts is escaped to six.
        let long = String(repeating: "\u{1}", count: AuditKey.longestText)
        var wide = Self.event
        let keys: [AuditKey] = [
            .serverName, .tlsVersion, .certificate, .userAgent, .clientName, .transport, .detail, .rule,
            .target,
            .purpose,
        ]
        var fields = wide.fields.filter { field in !keys.contains { $0.rawValue == field.key } }
        fields += keys.map { AuditEvent.Field($0.rawValue, .text(long)) }
        wide = AuditEvent(wide.kind, fields: fields)
        let room = AuditLine.longest - AuditLine.body(wide, salt: Self.salt).count
        try #require(100 < room, "the texts above fill the line nearly")
        let rest = String(repeating: "x", count: room - 90)
        fields.append(AuditEvent.Field(AuditKey.filter.rawValue, .text(rest)))
        let body = AuditLine.body(AuditEvent(wide.kind, fields: fields), salt: Self.salt)
        let whole = AuditLine.record(ofBody: body)
        var record = try #require(whole)
        #expect(!record.isCut)
        record.replaceNames { _ in String(repeating: "p", count: 200) }
        let shortened = AuditLine.record(ofBody: record.body)
        let cut = try #require(shortened)
        #expect(cut.isCut && cut.text(.userAgent)?.utf8.count == AuditLine.shortText)
    }
}
