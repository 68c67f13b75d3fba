// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the other forms of a record, to the letter. Scripts/audit-docs-ocsf.py lets an outside judge look at
// the same file.

import Foundation
import Testing

@testable import AuditEvents
@testable import AuditReading

@Suite struct FormatTests {
    private static let fixtures = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "Fixtures")
    private static let origin = "audit.example/gate1/2026"

    private static func text(_ name: String) throws -> String {
        try Samples.all().map { record in
            let tree =
                name == "ocsf.jsonl"
                ? OCSFFormat.event(record, origin: origin) : ECSFormat.document(record, origin: origin)
            return tree.text + "\n"
        }.joined()
    }

    /// Set TORHAUS_UPDATE_FIXTURES=1 to write them anew, and look at the difference.
    @Test(
        "renders every kind of event, full and empty, as the stored files say",
        arguments: ["ocsf.jsonl", "ecs.jsonl"]
    )
    func golden(_ name: String) throws {
        let file = Self.fixtures.appending(path: name)
        let text = try Self.text(name)
        if ProcessInfo.processInfo.environment["TORHAUS_UPDATE_FIXTURES"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        let stored = try String(contentsOf: file, encoding: .utf8)
        #expect(stored == text)
        for line in stored.split(separator: "\n") {
            #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any])
        }
    }

    @Test("loses no field on the way to OCSF and ECS")
    func nothingLost() throws {
        for kind in AuditKind.allCases {
            let record = try Samples.record(kind, full: true, index: 7)
            let forms = [
                OCSFFormat.event(record, origin: Self.origin).text,
                ECSFormat.document(record, origin: Self.origin).text,
            ]
            for field in record.fields {
                guard case .text(let value) = field.value else { continue }
                var bytes: [UInt8] = []
                AuditText.quote(value, into: &bytes)
                let quoted = String(decoding: bytes, as: UTF8.self)
                for form in forms { #expect(form.contains(quoted), "\(kind) \(field.key)") }
            }
        }
    }

    @Test(
        "takes every factor beside the password for a second one",
        arguments: ["otp", "push", "webauthn", "smartcard", nil]
    )
    func secondFactor(_ factor: String?) throws {
        let record = try Samples.signIn(factors: ["password"] + [factor].compactMap { $0 })
        let text = OCSFFormat.event(record, origin: Self.origin).text
        #expect(text.contains(#""is_mfa":\#(factor != nil)"#))
        let kinds = [
            "otp": "7}", "push": "5}", "webauthn": "10}", "smartcard": #"99,"factor_type":"smartcard"}"#,
        ]
        guard let factor, let kind = kinds[factor] else { return }
        #expect(text.contains(#"{"factor_type_id":\#(kind)"#))
    }

    @Test("gives every row of CSV as many cells as its head, and hides no formula in them")
    func csv() throws {
        let columns = CSVFormat.head.split(separator: ",").count
        let archive = MemoryArchive()
        for detail in ["=1+1", "+1", "-2", "@SUM(A1)", "\tx", "a,\"b\"\r\nc", "plain"] {
            archive.append(.configurationRejected(file: "f", line: 1, mistake: detail), at: Samples.start)
        }
        let rows = archive.records.map(CSVFormat.row)
        #expect(rows.allSatisfy { $0.hasSuffix("\r\n") })
        #expect(rows[0].contains(",'=1+1,"))
        #expect(rows[1].contains(",+1,") && rows[2].contains(",-2,"))
        #expect(rows[3].contains(",'@SUM(A1),"))
        #expect(rows[4].contains(",'\tx,"))
        #expect(rows[5].contains(#","a,""b""\#r\#nc","#))
        #expect(rows[6].dropLast().split(separator: ",", omittingEmptySubsequences: false).count == columns)
    }

    @Test("shows a record in one line")
    func line() throws {
        let record = try Samples.record(.sessionRefused, full: true, index: 7)
        let line = RecordText.line(record)
        #expect(
            line.hasPrefix(
                "2026-11-15T12:00:07.000+00:00  #7  GW2006W  session.refused  municipality=rhoenblick"
            )
        )
        #expect(line.contains("detail=\"Straße \"nach\" Süden, 5 Uhr\""))
        #expect(!line.contains("\n"))
    }
}
