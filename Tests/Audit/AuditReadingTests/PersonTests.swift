// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a person gets everything about herself and nothing about anybody else.

import AuditIdentity
import Foundation
import Testing

@testable import AuditEvents
@testable import AuditIdentity
@testable import AuditReading

@Suite struct PersonTests {
    private static let hers = ["p2026-11.00000000000000000001", "p2026-12.00000000000000000002"]
    private static let other = "p2026-11.99999999999999999999"
    private static let why = AuditCase(purpose: "Art. 15", number: "DS-7")

    private func archive() -> MemoryArchive {
        let archive = MemoryArchive()
        let session = County.id(5)
        let mine = AuditSubject(
            session: session,
            municipality: "rhoenblick",
            actor: Self.hers[0],
            actorKind: .person,
            source: "192.0.2.7"
        )
        let desktop = AuditDesktop(id: "rhoenblick/buero/1")
        archive.append(.sessionConnected(mine, desktop: desktop, target: "10.0.0.1:3389"), at: Samples.start)
        archive.append(
            .signInFailed(
                AuditSubject(actor: Self.hers[1], source: "203.0.113.9"),
                reason: AuditReason(code: "password"),
                connection: AuditConnection(userAgent: "Fremdes Gerät")
            ),
            at: Samples.start + 1
        )
        archive.append(
            .refused(
                .openSession,
                mine,
                desktop: desktop,
                reason: AuditReason(code: "other-network"),
                ticketHash: nil,
                detail: "issued to 192.0.2.7, used from 203.0.113.9",
                connection: AuditConnection()
            ),
            at: Samples.start + 1
        )
        archive.append(
            .operatorAction(
                AuditSubject(session: session, actor: "q2026-11.aaaaaaaaaaaaaaaaaaaa", source: "10.9.9.9"),
                action: "terminate",
                desktop: desktop,
                detail: "Auftrag von Frau Fremd"
            ),
            at: Samples.start + 2
        )
        archive.append(
            .reveal(
                .revealed(
                    by: [AuditApprover(holder: "q2026-11.bbbbbbbbbbbbbbbbbbbb", role: "staff-council")],
                    count: 1
                ),
                AuditSubject(actor: "q2026-11.cccccccccccccccccccc", source: "10.8.8.8"),
                request: "A-1",
                why: AuditCase(purpose: "Virenfund", number: "IT-1"),
                about: Self.hers[0],
                period: "p2026-11"
            ),
            at: Samples.start + 3
        )
        // Others: a session of somebody else, and a search of hers for somebody else.
        archive.append(
            .sessionConnected(
                AuditSubject(session: County.id(6), actor: Self.other),
                desktop: desktop,
                target: "t"
            ),
            at: Samples.start + 4
        )
        archive.append(
            .logSearched(
                AuditSubject(actor: Self.hers[0]),
                why: AuditCase(purpose: "Prüfung", number: "IT-2"),
                filter: "person=\(Self.other)",
                count: 3
            ),
            at: Samples.start + 5
        )
        return archive
    }

    @Test("is told what she is said to have done through root's account, without the others in it")
    func claimed() async throws {
        let archive = archive()
        archive.append(
            .operatorAction(
                AuditSubject(
                    session: County.id(6),
                    actor: "q2026-11.dddddddddddddddddddd",
                    actorKind: .operator,
                    actorClaimed: Self.hers[1]
                ),
                action: "message",
                desktop: AuditDesktop(id: "rhoenblick/buero/2"),
                detail: "12 bytes"
            ),
            at: Samples.start + 6
        )
        let before = try await answer(Notes())
        let answer = try await answer(Notes(), of: archive)
        #expect(answer.own.count == before.own.count + 1)
        let entry = try #require(answer.own.last { $0.code == "GW6002I" })
        #expect(entry.fields == [.init("action", .text("message"))])
        #expect(answer.readings == before.readings && answer.interventions == before.interventions)
    }

    private func answer(_ notes: Notes, of archive: MemoryArchive? = nil) async throws -> PersonAnswer {
        let (archive, test) = (archive ?? self.archive(), try TestIndex())
        try test.index.fill(from: archive)
        let reader = AuditReader(
            [AuditSource(archive: archive, index: test.index)],
            now: { Samples.start + Samples.day },
            record: { (event) throws(AuditFailure) in try notes.take(event) }
        )
        return try await reader.answer(
            "e.muster",
            inquiry: PersonInquiry(
                pseudonyms: Self.hers,
                subject: "q2026-11.11111111111111111111",
                approvers: [
                    AuditApprover(holder: "d.schutz", role: "data-protection"),
                    AuditApprover(holder: "p.rat", role: "staff-council"),
                ]
            ),
            why: Self.why,
            by: AuditSubject(actor: "d.schutz", actorKind: .operator)
        )
    }

    @Test("holds her own records, what was done to her sessions, and who opened her name")
    func complete() async throws {
        let notes = Notes()
        let answer = try await answer(notes)
        #expect(answer.own.map(\.code) == ["GW3009I", "GW1001W", "GW2006W", "GW6003I"])
        #expect(answer.interventions.map(\.code) == ["GW6002I"])
        #expect(answer.readings.map(\.code) == ["GW6007I"])
        #expect(notes.all.map(\.kind) == [.personInformed])
        #expect(notes.all[0].fields.contains(.init("count", .number(6))))
    }

    @Test("says nothing about others, in neither form")
    func thirdParties() async throws {
        let answer = try await answer(Notes())
        for text in [answer.json, answer.german()] {
            for secret in [
                Self.other, "q2026-11", "10.9.9.9", "10.8.8.8", "203.0.113.9", "Fremd", "p.rat", "d.schutz",
            ] {
                #expect(!text.contains(secret), "\(secret)")
            }
            for own in [
                "192.0.2.7", "rhoenblick/buero/1", "Virenfund", "staff-council", "203.0.113.0/24",
                "terminate",
            ] {
                #expect(text.contains(own), "\(own)")
            }
        }
        #expect(try JSONSerialization.jsonObject(with: Data(answer.json.utf8)) is [String: Any])
    }

    @Test("says what Article 15 asks for, in German")
    func letter() async throws {
        let text = try await answer(Notes()).german(retention: { _ in 30 }, clock: { "Zeit \($0)" })
        for heading in [
            "Zwecke", "Kategorien von Daten", "Empfänger", "Speicherdauer", "Ihre Rechte",
            "Herkunft der Daten",
            "Automatisierte Entscheidungen", "Ihre Nutzung (4)",
            "Eingriffe der Administration in Ihre Sitzungen (1)", "Einsicht in Ihre Daten (1)",
        ] {
            #expect(text.contains("\n## \(heading)\n"), "\(heading)")
        }
        #expect(text.contains("- Zugang: 30 Tage ab dem Eintrag"))
        #expect(text.contains("- Zeit \(Samples.start); Arbeitsplatz hat geantwortet; "))
        let nobody = PersonAnswer(
            person: "x",
            why: Self.why,
            made: 0,
            pseudonyms: [],
            own: [],
            interventions: [],
            readings: []
        )
        #expect(nobody.german().contains("Es sind keine Daten über Sie gespeichert."))
    }
}
