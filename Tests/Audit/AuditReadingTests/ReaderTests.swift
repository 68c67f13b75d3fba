// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reading is on record before anything is shown, and shows what it may.

import Foundation
import Testing

@testable import AuditEvents
@testable import AuditReading

@Suite struct ReaderTests {
    private static let why = AuditCase(purpose: "incident", number: "IT-4711")
    private static let occasion = ReadingOccasion(
        subject: AuditSubject(actor: "a.nalyst", actorKind: .operator),
        why: why,
        scope: .county
    )

    private func reader(
        _ archives: [MemoryArchive],
        _ tests: [TestIndex],
        _ notes: Notes,
        now: UInt64 = Samples.start + 2 * Samples.day
    ) throws -> AuditReader {
        var sources: [AuditSource] = []
        for (archive, test) in zip(archives, tests) {
            try test.index.fill(from: archive)
            sources.append(AuditSource(archive: archive, index: test.index))
        }
        return AuditReader(
            sources,
            now: { now },
            record: { (event) throws(AuditFailure) in try notes.take(event) }
        )
    }

    @Test("records a search with its question and its count before it answers")
    func searches() async throws {
        let (archive, test, notes) = (County.archive(500, seed: 1), try TestIndex(), Notes())
        let reader = try reader([archive], [test], notes)
        var query = AuditQuery()
        query.events = ["daemon.started"]
        let found = try await reader.search(query, on: Self.occasion)
        #expect(
            found.map(\.record.index)
                == archive.records.filter { $0.code == "GW7001I" }.map(\.index).reversed()
        )
        #expect(found.allSatisfy { $0.line == archive.line($0.record.index) })
        let note = try #require(notes.all.first)
        #expect(note.kind == .logSearched)
        #expect(note.fields.contains(.init("filter", .text("event=daemon.started"))))
        #expect(note.fields.contains(.init("count", .number(Int64(found.count)))))
        #expect(note.fields.contains(.init("case_number", .text("IT-4711"))))
    }

    @Test("shows, exports and reports nothing that could not be recorded")
    func notRecorded() async throws {
        let (archive, test, notes) = (County.archive(50, seed: 1), try TestIndex(), Notes())
        let reader = try reader([archive], [test], notes)
        notes.breakDown()
        var written = 0
        let tries: [() async throws -> Void] = [
            { _ = try await reader.search(AuditQuery(), on: Self.occasion) },
            { _ = try await reader.timeline(session: County.id(1), on: Self.occasion) },
            { _ = try await reader.report(month: "2026-11", on: Self.occasion) },
            {
                _ = try await reader.export(AuditQuery(), as: .csv, whole: true, on: Self.occasion) { _ in
                    written += 1
                }
            },
        ]
        for each in tries {
            let error = await #expect(throws: ReadingError.self) { try await each() }
            #expect(error?.code == .notRecorded)
        }
        #expect(written == 0)
    }

    @Test("puts several logs into one order of time")
    func severalLogs() async throws {
        let archives = [
            MemoryArchive(origin: "audit.example/gate1/2026"),
            MemoryArchive(origin: "audit.example/gate2/2026"),
        ]
        for step in 0..<20 {
            archives[step % 2].append(.daemonStopped(version: "\(step)"), at: Samples.start + UInt64(step))
        }
        let reader = try reader(archives, [TestIndex(), TestIndex()], Notes())
        var query = AuditQuery()
        query.limit = 7
        let found = try await reader.search(query, on: Self.occasion)
        #expect(found.compactMap { $0.record.text(.version) } == (13..<20).reversed().map(String.init))
    }

    @Test("tells a session's story from its records and those of its connections")
    func timeline() async throws {
        let (archive, session) = (MemoryArchive(), County.id(5))
        func subject(_ correlation: UInt64, _ session: String?) -> AuditSubject {
            AuditSubject(correlation: County.id(correlation), session: session, actor: County.person(1))
        }
        let desktop = AuditDesktop(id: "r/b/1")
        let connection = AuditConnection()
        archive.append(
            .signInSucceeded(subject(1, nil), factors: [], webSession: "w", connection: connection),
            at: Samples.start
        )
        archive.append(
            .sessionConnected(subject(1, session), desktop: desktop, target: "t"),
            at: Samples.start + 10
        )
        archive.append(
            .sessionConnected(subject(1, County.id(6)), desktop: desktop, target: "t"),
            at: Samples.start + 20
        )
        archive.append(.desktopUnreachable(subject(2, nil), desktop: desktop), at: Samples.start + 30)
        archive.append(
            .sessionEnded(subject(3, session), desktop: desktop, reason: .init(code: "idle"), traffic: nil),
            at: Samples.start + 3_723_004
        )
        let reader = try reader([archive], [TestIndex()], Notes())
        let story = try await reader.timeline(session: session, on: Self.occasion)
        #expect(story.map(\.record.index) == [0, 1, 4])
        let text = RecordText.timeline(story.map(\.record))
        #expect(text.hasPrefix("2026-11-15T12:00:00.000+00:00\n+00:00:00.000  GW1001I  sign-in.succeeded"))
        #expect(text.contains("\n+01:02:03.004  GW3002I  session.ended"))
        #expect(RecordText.timeline([]) == "no such session\n")
    }

    @Test("exports every record once, in order, over several pages")
    func exports() async throws {
        let (archive, test, notes) = (County.archive(5000, seed: 1), try TestIndex(), Notes())
        let reader = try reader([archive], [test], notes)
        var text = ""
        let count = try await reader.export(AuditQuery(), as: .jsonl, whole: false, on: Self.occasion) {
            text += $0
        }
        #expect(count == 5000)
        let lines = archive.all.compactMap { $0.map { String(decoding: $0, as: UTF8.self) + "\n" } }
        #expect(text == lines.joined())
        #expect(notes.all.map(\.kind) == [.logExported])
        #expect(notes.all[0].fields.contains(.init("count", .number(5000))))
    }

    @Test("exports only what the scope allows")
    func exportScope() async throws {
        let reader = try reader([County.archive(900, seed: 1)], [TestIndex()], Notes())
        var occasion = Self.occasion
        occasion.scope = .municipalities(["ulsterau"])
        var rows: [String] = []
        _ = try await reader.export(AuditQuery(), as: .jsonl, whole: false, on: occasion) { rows.append($0) }
        #expect(100 < rows.count)
        #expect(rows.allSatisfy { $0.contains(#""municipality":"ulsterau""#) })
        occasion.why = nil
        await #expect(throws: ReadingError.self) {
            try await reader.export(AuditQuery(), as: .csv, whole: false, on: occasion) { _ in }
        }
    }

    @Test("knows a pseudonym only in records that may be read, and records no question about it")
    func knowsPseudonyms() async throws {
        let (archive, notes) = (County.archive(900, seed: 1), Notes())
        let reader = try reader([archive], [TestIndex()], notes)
        let places = Set(archive.records.compactMap { $0.text(.municipality) })
        let person = try #require(archive.records.first { $0.text(.municipality) != nil }?.text(.actor))
        let own = archive.records.filter { record in
            [record.text(.actor), record.text(.subject)].contains(person)
        }
        #expect(try await reader.knows(person, in: .county))
        for place in places {
            let isThere = own.contains { $0.text(.municipality) == place }
            #expect(try await reader.knows(person, in: .municipalities([place])) == isThere, "\(place)")
        }
        #expect(try await !reader.knows(person, in: .municipalities(["elsewhere"])))
        #expect(try await !reader.knows("p2026-11.ffffffffffffffffffff", in: .county))
        #expect(notes.all.isEmpty)
    }

    @Test("shortens device data after a week, but not in the log's own bytes")
    func shortens() async throws {
        let archive = MemoryArchive()
        archive.append(
            .signInFailed(
                AuditSubject(actor: County.person(1), source: "192.0.2.77", sourcePort: 1234),
                reason: AuditReason(code: "password"),
                connection: AuditConnection(certificate: "abcd", userAgent: "Agent 7", clientName: "PC-7")
            ),
            at: Samples.start
        )
        let fresh = try reader([archive], [TestIndex()], Notes(), now: Samples.start + 7 * Samples.day - 1)
        let shown = try await fresh.search(AuditQuery(), on: Self.occasion)[0].record
        #expect(shown.text(.source) == "192.0.2.77" && shown.text(.clientName) == "PC-7")
        let old = try reader([archive], [TestIndex()], Notes(), now: Samples.start + 7 * Samples.day)
        let later = try await old.search(AuditQuery(), on: Self.occasion)[0].record
        #expect(later.text(.source) == "192.0.2.0/24")
        #expect(later.number(.sourcePort) == nil)
        #expect(
            [later.text(.clientName), later.text(.userAgent), later.text(.certificate)].allSatisfy {
                $0 == "(shortened)"
            }
        )
        for format in ExportFormat.allCases {
            for whole in [false, true] {
                var text = ""
                _ = try await old.export(AuditQuery(), as: format, whole: whole, on: Self.occasion) {
                    text += $0
                }
                #expect(text.contains("192.0.2.77") == (whole || format == .jsonl))
                #expect(text.contains("Agent 7") == (whole || format == .jsonl))
            }
        }
    }

    struct Network: CustomTestStringConvertible, Sendable {
        let address: String
        let short: String
        var testDescription: String { address }
    }

    @Test(
        "shortens addresses to their networks",
        arguments: [
            Network(address: "192.0.2.77", short: "192.0.2.0/24"),
            Network(address: "2001:db8:1:2:3:4:5:6", short: "2001:db8:1::/48"),
            Network(address: "2001:db8::1", short: "2001:db8:0::/48"),
            Network(address: "::1", short: "0:0:0::/48"),
            Network(address: "fe80::", short: "fe80:0:0::/48"),
            Network(address: "1.2.3", short: "(shortened)"),
            Network(address: "256.1.1.1", short: "(shortened)"),
            Network(address: "host.example", short: "(shortened)"),
            Network(address: "", short: "(shortened)"),
            Network(address: "a:b", short: "(shortened)"), Network(address: "07:30:00", short: "(shortened)"),
        ]
    )
    func networks(_ wanted: Network) {
        #expect(RecordView.network(wanted.address) == wanted.short)
    }

    @Test("shortens addresses in sentences too, and nothing else")
    func sentences() {
        let shown = RecordView.withoutAddresses(
            "issued to 192.0.2.7, used from 2001:db8::9 at 07:30:00 1.2.3"
        )
        #expect(shown == "issued to 192.0.2.0/24, used from 2001:db8:0::/48 at 07:30:00 1.2.3")
        #expect(RecordView.withoutAddresses(" a  b ") == " a  b ")
        #expect(
            RecordView.withoutAddresses("to 192.0.2.7:443. 192.0.2.7.")
                == "to 192.0.2.0/24:443. 192.0.2.0/24."
        )
    }

    @Test("reads what the policy allows: the county, some municipalities, or nothing")
    func permissions() async throws {
        let places = ["rhoenblick", "ulsterau", "wasserkuppe"]
        #expect(ReadingPermission.everything.scope(.viewAudit, municipalities: places) == .county)
        let some = ReadingPermission { action, place in
            action == .viewAudit && ["ulsterau", "elsewhere"].contains(place)
        }
        #expect(some.scope(.viewAudit, municipalities: places) == .municipalities(["ulsterau"]))
        #expect(some.scope(.exportAudit, municipalities: places) == nil)
        let county = ReadingPermission { _, place in place == nil }
        #expect(county.scope(.revealPseudonym, municipalities: []) == .county)
        let allButOne = ReadingPermission { _, place in place != "ulsterau" }
        #expect(
            allButOne.scope(.viewAudit, municipalities: places)
                == .municipalities(["rhoenblick", "wasserkuppe"])
        )

        let notes = Notes()
        let reader = try reader([MemoryArchive()], [TestIndex()], notes)
        let reason = AuditReason(code: "no-rule", reference: "R-7F3K-Q2")
        try await reader.refuse(
            .exportAudit,
            filter: "everything",
            reason: reason,
            by: Self.occasion.subject
        )
        #expect(notes.all.map(\.kind) == [.readingRefused])
        for (key, value) in [
            ("action", "exportAudit"), ("reason_code", "no-rule"), ("reference", "R-7F3K-Q2"),
        ] {
            #expect(notes.all[0].fields.contains(.init(key, .text(value))), "\(key)")
        }
    }
}
