// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the month's report counts right and shows nobody.

import Testing

@testable import AuditEvents
@testable import AuditReading

@Suite struct ReportTests {
    private static func reader(_ archive: MemoryArchive, _ test: TestIndex) -> AuditReader {
        let source = AuditSource(archive: archive, index: test.index)
        return AuditReader([source], now: { Samples.start }, record: { _ in })
    }

    private static func group(_ label: String, _ persons: Range<Int>) -> PersonGroup {
        PersonGroup(persons: Set(persons.map(County.person)), counts: [persons.count], label: label)
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let groups: [PersonGroup]
        let shown: [String]
        let others: Int?
        var testDescription: String { name }
    }

    @Test(
        "puts small groups together until five persons are in every row",
        arguments: [
            Case(name: "nothing", groups: [], shown: [], others: nil),
            Case(
                name: "all large",
                groups: [group("a", 0..<5), group("b", 5..<10)],
                shown: ["a", "b"],
                others: nil
            ),
            Case(
                name: "two small ones",
                groups: [group("a", 0..<3), group("b", 3..<6), group("c", 6..<20)],
                shown: ["c"],
                others: 6
            ),
            Case(
                name: "one small one takes the next smallest with it",
                groups: [group("a", 0..<1), group("b", 10..<20), group("c", 20..<26)],
                shown: ["b"],
                others: 7
            ),
            Case(
                name: "the same few persons twice",
                groups: [group("a", 0..<4), group("b", 0..<4)],
                shown: [],
                others: nil
            ),
            Case(name: "too few altogether", groups: [group("a", 0..<4)], shown: [], others: nil),
        ]
    )
    func merges(_ wanted: Case) {
        let table = SmallGroups.merge(wanted.groups, label: "others")
        #expect(table.rows.map(\.label) == wanted.shown)
        #expect(table.others?.persons.count == wanted.others)
        #expect(table.rows.allSatisfy { 5 <= $0.persons.count })
    }

    @Test("counts what reading everything counts, and no other month")
    func counts() async throws {
        let archive = County.archive(3000, seed: 3)
        archive.append(.daemonStopped(version: "1"), at: Samples.start + 40 * Samples.day)
        let test = try TestIndex()
        try test.index.fill(from: archive)
        let reader = Self.reader(archive, test)
        let occasion = ReadingOccasion(subject: .system, why: nil, scope: .county)
        let report = try await reader.report(month: "2026-11", on: occasion)
        let records = archive.records.filter { AuditTime.month(of: $0.milliseconds) == "2026-11" }
        #expect(report.count == records.count)
        for row in report.events.rows {
            let wanted = records.filter { $0.kind?.definition.title == row.label }
            #expect(row.counts == [wanted.count])
            #expect(row.persons == Set(wanted.compactMap { $0.text(.actor) }))
        }
        #expect(report.events.rows.count == 4)
        for row in report.municipalities.rows {
            let wanted = records.filter {
                $0.text(.municipality) == row.label && ["access", "security"].contains($0.retention)
            }
            #expect(row.persons == Set(wanted.compactMap { $0.text(.actor) }))
            #expect(row.counts[1] == wanted.count { $0.outcome == "refused" })
        }
        #expect(report.watched.map(\.kind) == [.revealApproved, .daemonStarted])
        let text = report.german
        #expect(text.hasPrefix("# Protokollierung im Monat 2026-11\n"))
        #expect(!text.contains("p2026-11."))
        await #expect(throws: ReadingError.self) { try await reader.report(month: "2026-14", on: occasion) }
    }

    @Test("gives a municipality the report of its own records only")
    func scope() async throws {
        let archive = County.archive(900, seed: 3)
        let test = try TestIndex()
        try test.index.fill(from: archive)
        let reader = Self.reader(archive, test)
        let report = try await reader.report(
            month: "2026-11",
            on: ReadingOccasion(subject: .system, why: nil, scope: .municipalities(["ulsterau"]))
        )
        #expect(report.municipalities.rows.map(\.label) == ["ulsterau"])
        #expect(report.watched.map(\.kind) == [.revealApproved])
    }

    @Test("says so when there are too few persons")
    func few() async throws {
        let archive = MemoryArchive()
        archive.append(
            .sessionConnected(
                AuditSubject(municipality: "rhoenblick", actor: County.person(1)),
                desktop: AuditDesktop(id: "d"),
                target: "t"
            ),
            at: Samples.start
        )
        let test = try TestIndex()
        try test.index.fill(from: archive)
        let reader = Self.reader(archive, test)
        let text = try await reader.report(
            month: "2026-11",
            on: ReadingOccasion(subject: .system, why: nil, scope: .county)
        ).german
        #expect(!text.contains("rhoenblick") && !text.contains("geantwortet"))
        #expect(text.contains("weniger als 5 Personen"))
    }
}
