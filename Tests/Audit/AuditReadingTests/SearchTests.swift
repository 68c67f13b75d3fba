// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the index finds exactly what reading everything would find.

import Foundation
import Testing

@testable import AuditEvents
@testable import AuditReading

@Suite struct SearchTests {
    /// What a question means, without an index.
    private static func answers(_ record: AuditRecord, _ query: AuditQuery, _ scope: ReadingScope) -> Bool {
        if let from = query.from, record.milliseconds < from { return false }
        if let until = query.until, until <= record.milliseconds { return false }
        if let place = query.municipality, record.text(.municipality) != place { return false }
        if case .municipalities(let allowed) = scope {
            guard let place = record.text(.municipality), allowed.contains(place) else { return false }
        }
        if let person = query.person, !record.persons.contains(person) { return false }
        if !query.events.isEmpty, query.events.isDisjoint(with: [record.code, record.name]) { return false }
        if let outcome = query.outcome, record.outcome != outcome.rawValue { return false }
        if let session = query.session, record.text(.session) != session { return false }
        if let correlation = query.correlation, record.text(.correlation) != correlation { return false }
        if let before = query.before, before <= record.index { return false }
        guard let text = query.text else { return true }
        let words = Set(plain(record.searchText).split(whereSeparator: { !$0.isLetter && !$0.isNumber }))
        return plain(text).split(separator: " ").allSatisfy { word in
            word.hasSuffix("*")
                ? words.contains { $0.hasPrefix(word.dropLast()) } : words.contains(word)
        }
    }

    private static func plain(_ text: String) -> String {
        text.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
    }

    private static func query(_ random: inout SeededGenerator) -> AuditQuery {
        var query = AuditQuery()
        func sometimes(_ chance: Int = 4) -> Bool { Int.random(in: 0..<chance, using: &random) == 0 }
        if sometimes(2) { query.from = Samples.start + UInt64.random(in: 0..<150_000_000, using: &random) }
        if sometimes(2) {
            query.until = (query.from ?? Samples.start) + UInt64.random(in: 1..<90_000_000, using: &random)
        }
        if sometimes() {
            query.municipality = (County.municipalities + ["nowhere"]).randomElement(using: &random)
        }
        if sometimes() { query.person = County.person(Int.random(in: 0..<22, using: &random)) }
        if sometimes() {
            let events = ["GW3002I", "session.refused", "daemon.started", "reveal.approved", "GW9999I"]
            query.events = Set(events.filter { _ in Bool.random(using: &random) })
        }
        if sometimes() { query.outcome = AuditEvent.Outcome.allCases.randomElement(using: &random) }
        if sometimes(8) { query.session = County.id(UInt64.random(in: 0..<41, using: &random)) }
        if sometimes(8) { query.correlation = County.id(UInt64.random(in: 0..<41, using: &random)) }
        if sometimes() {
            query.text = ["arger", "Café", "fire*", "pc buro", "nothing", "ulst*"].randomElement(
                using: &random
            )
        }
        if sometimes(6) { query.before = UInt64.random(in: 0..<3000, using: &random) }
        query.limit = [1, 7, 200, 5000].randomElement(using: &random) ?? 200
        return query
    }

    @Test("answers 600 random questions as reading everything does", arguments: [1, 2, 3] as [UInt64])
    func oracle(_ seed: UInt64) async throws {
        let archive = County.archive(2500, seed: seed)
        let test = try TestIndex()
        try test.index.fill(from: archive)
        let records = archive.records
        var random = SeededGenerator(seed: seed &* 7919)
        var found = 0
        for _ in 0..<200 {
            let query = Self.query(&random)
            let scope: ReadingScope =
                [
                    .county, .municipalities(["ulsterau"]), .municipalities(["ulsterau", "rhoenblick"]),
                    .municipalities([]),
                ].randomElement(using: &random) ?? .county
            let all = records.filter { Self.answers($0, query, scope) }.map(\.index)
            let wanted = Array(all.reversed().prefix(query.limit))
            let numbers = try await test.index.find(query, scope: scope)
            #expect(numbers == wanted, "seed \(seed): \(query.filter) \(scope)")
            #expect(try await test.index.count(query, scope: scope) == all.count)
            let oldest = try await test.index.find(query, scope: scope, order: .oldestFirst(from: 100))
            #expect(oldest == Array(all.filter { 100 <= $0 }.prefix(query.limit)), "\(query.filter)")
            found += all.count
        }
        #expect(1000 < found)
    }

    struct Question: CustomTestStringConvertible, Sendable {
        let name: String
        let change: @Sendable (inout AuditQuery) -> Void
        var testDescription: String { name }
    }

    @Test(
        "refuses questions that cannot be answered",
        arguments: [
            Question(name: "no records") { $0.limit = 0 },
            Question(name: "too many records") { $0.limit = 10_001 },
            Question(name: "a session that is none") { $0.session = "x" },
            Question(name: "half a correlation") { $0.correlation = "0011" },
            Question(name: "an end before the beginning") { ($0.from, $0.until) = (5, 5) },
            Question(name: "no words") { $0.text = "  " },
            Question(name: "only signs") { $0.text = "\" * ( -" },
        ]
    )
    func badQuestions(_ question: Question) async throws {
        let test = try TestIndex()
        var query = AuditQuery()
        question.change(&query)
        await #expect(throws: ReadingError.self) { try await test.index.find(query, scope: .county) }
    }

    @Test(
        "takes every text as words, never as syntax",
        arguments: [
            "\"", "zz OR zy", "NEAR(zz zy)", "content: zz", "^zz", "zz\"zy", "-zz", "zz* zy*",
            "zz'; DROP TABLE event; --",
        ]
    )
    func hostileTexts(_ text: String) async throws {
        let test = try TestIndex()
        try test.index.fill(from: County.archive(50, seed: 9))
        var query = AuditQuery()
        query.text = text
        let found = try? await test.index.find(query, scope: .county)
        #expect(found?.isEmpty ?? true)
    }

    @Test("describes a question the same way every time")
    func filter() {
        var query = AuditQuery()
        #expect(query.filter == "everything")
        query.from = Samples.start
        query.events = ["b", "a"]
        query.text = "x y"
        #expect(query.filter == "from=2026-11-15T12:00:00.000+00:00 event=a,b text=x y")
    }

    struct Moment: CustomTestStringConvertible, Sendable {
        let text: String
        let time: String?
        var testDescription: String { text }
    }

    @Test(
        "reads times as readers type them",
        arguments: [
            Moment(text: "2026-11-15", time: "2026-11-15T00:00:00.000+00:00"),
            Moment(text: "2026-11-15T07:30", time: "2026-11-15T07:30:00.000+00:00"),
            Moment(text: "2026-11-15T07:30:05", time: "2026-11-15T07:30:05.000+00:00"),
            Moment(text: "2026-11-15T07:30:05.250+00:00", time: "2026-11-15T07:30:05.250+00:00"),
            Moment(text: "90m", time: "2026-11-15T10:30:00.000+00:00"),
            Moment(text: "36h", time: "2026-11-14T00:00:00.000+00:00"),
            Moment(text: "7d", time: "2026-11-08T12:00:00.000+00:00"),
            Moment(text: "99999999d", time: "1970-01-01T00:00:00.000+00:00"),
            Moment(text: "99999999999999999d", time: nil), Moment(text: "d", time: nil),
            Moment(text: "-7d", time: nil), Moment(text: "7w", time: nil), Moment(text: "", time: nil),
            Moment(text: "2026-11", time: nil), Moment(text: "15.11.2026", time: nil),
            Moment(text: "2026-02-30", time: nil), Moment(text: "2026-11-15T24:00", time: nil),
            Moment(text: "2026-11-15T07:30:05.250+01:00", time: nil),
        ]
    )
    func moments(_ wanted: Moment) {
        let moment = AuditMoment(wanted.text, now: Samples.start)
        #expect(moment.map { AuditTime.text($0.milliseconds) } == wanted.time)
    }
}
