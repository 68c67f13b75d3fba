// SPDX-License-Identifier: EUPL-1.2
// Torhaus: counting a month.

internal import AuditEvents
internal import GRDB

extension AuditReader {
    /// The report of a month such as `2026-11`.
    package func report(
        month: String,
        on occasion: ReadingOccasion
    ) async throws(ReadingError) -> MonthlyReport {
        guard let range = AuditTime.month(month) else {
            throw ReadingError(.question, "a month looks like 2026-11")
        }
        var sums = MonthlySums()
        for source in sources {
            for row in try await source.index.sums(of: range, scope: occasion.scope) { sums.add(row) }
        }
        let report = sums.report(month)
        try await note(.reportMade(occasion.subject, period: month, count: report.count))
        return report
    }
}

/// How often a kind of event happened to a person in a municipality.
struct SumRow: Sendable {
    let code: String
    let municipality: String?
    let actor: String?
    let count: Int
}

extension SearchIndex {
    /// One row for each kind, municipality and person of a time.
    func sums(of range: Range<UInt64>, scope: ReadingScope) async throws(ReadingError) -> [SumRow] {
        var query = AuditQuery()
        query.from = range.lowerBound
        query.until = range.upperBound
        let question = query
        return try await read { database in
            guard
                let plan = try SearchPlan(question, scope: scope, order: .newestFirst, in: database)
            else { return [] }
            return try Row.fetchAll(database, sql: plan.sums, arguments: plan.arguments).map { row in
                SumRow(
                    code: row["code"],
                    municipality: row["municipality"],
                    actor: row["actor"],
                    count: row["count"]
                )
            }
        }
    }
}

/// Collects the rows of all logs.
private struct MonthlySums {
    private var kinds: [AuditKind: PersonGroup] = [:]
    private var places: [String: PersonGroup] = [:]
    private var watched: [AuditKind: Int] = [:]
    private var count = 0

    mutating func add(_ row: SumRow) {
        count += row.count
        guard let kind = AuditKind(rawValue: row.code) else { return }
        let definition = kind.definition
        // What operators did is watched over like reading, and they are no users of their own desktops here.
        guard [.access, .security].contains(definition.retention), definition.category != .administration
        else {
            watched[kind, default: 0] += row.count
            return
        }
        let title = definition.title
        kinds[kind, default: PersonGroup(persons: [], counts: [0], label: title)].add(row, [row.count])
        guard let municipality = row.municipality else { return }
        let isSession = kind == .sessionOpened
        let isRefusal = definition.outcome == .refused
        places[municipality, default: PersonGroup(persons: [], counts: [0, 0], label: municipality)]
            .add(row, [isSession ? row.count : 0, isRefusal ? row.count : 0])
    }

    func report(_ month: String) -> MonthlyReport {
        let events = kinds.sorted { $0.key.rawValue < $1.key.rawValue }.map(\.value)
        let municipalities = places.sorted { $0.key < $1.key }.map(\.value)
        return MonthlyReport(
            month: month,
            events: SmallGroups.merge(events, label: "Andere Ereignisse"),
            municipalities: SmallGroups.merge(municipalities, label: "Übrige Gemeinden"),
            watched: watched.sorted { $0.key.rawValue < $1.key.rawValue }.map {
                (kind: $0.key, count: $0.value)
            },
            count: count
        )
    }
}

extension PersonGroup {
    fileprivate mutating func add(_ row: SumRow, _ numbers: [Int]) {
        if let actor = row.actor { persons.insert(actor) }
        counts = zip(counts, numbers).map { $0 + $1 }
    }
}
