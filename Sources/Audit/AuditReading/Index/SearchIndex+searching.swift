// SPDX-License-Identifier: EUPL-1.2
// Torhaus: finding the numbers of records.

internal import AuditEvents
internal import GRDB

/// The order of an answer.
enum ReadingOrder: Sendable {
    case newestFirst
    /// From a number on, which is the first that may come.
    case oldestFirst(from: UInt64)
}

extension SearchIndex {
    /// Numbers of the records that answer a question, at most `limit`.
    func find(
        _ query: AuditQuery,
        scope: ReadingScope,
        order: ReadingOrder = .newestFirst
    ) async throws(ReadingError) -> [UInt64] {
        try query.check()
        return try await read { database in
            guard let plan = try SearchPlan(query, scope: scope, order: order, in: database) else {
                return []
            }
            return try Int64.fetchAll(database, sql: plan.numbers, arguments: plan.arguments)
                .map { UInt64(clamping: $0) }
        }
    }

    /// How many records answer a question, its limit aside.
    func count(_ query: AuditQuery, scope: ReadingScope) async throws(ReadingError) -> Int {
        try query.check()
        return try await read { database in
            guard let plan = try SearchPlan(query, scope: scope, order: .newestFirst, in: database) else {
                return 0
            }
            return try Int.fetchOne(database, sql: plan.count, arguments: plan.arguments) ?? 0
        }
    }
}

/// A question as SQL.
///
/// SQLite is not left to guess: the most selective condition drives, its rows come in the order of their numbers,
/// and the bounds of the days in question cut it off on both sides. So a person's week costs as many steps as it
/// has records, however large the log is.
struct SearchPlan {
    private let from: String
    private let number: String
    private var conditions: [String] = []
    private(set) var arguments = StatementArguments()
    private let order: ReadingOrder
    private let limit: Int

    /// Nil when nothing can be found, because a word of the question is in no record.
    init?(_ query: AuditQuery, scope: ReadingScope, order: ReadingOrder, in database: Database) throws {
        self.order = order
        limit = query.limit
        guard let bounds = try Self.bounds(query, order, database) else { return nil }
        var byPerson: Int64?
        if let person = query.person {
            guard let id = try Self.id(of: person, in: "pseudonym", database) else { return nil }
            byPerson = id
        }
        let codes = try Self.codes(query.events, database)
        if !query.events.isEmpty, codes.isEmpty { return nil }

        switch (byPerson, query.match) {
        case (.some, _): (from, number) = ("person p CROSS JOIN event e ON e.idx = p.idx", "p.idx")
        case (_, .some) where query.session == nil && query.correlation == nil:
            (from, number) = ("words CROSS JOIN event e ON e.idx = words.rowid", "words.rowid")
        default: (from, number) = ("event e " + Self.driver(query, scope), "e.idx")
        }
        if let byPerson { add("p.person = ?", byPerson) }
        if let match = query.match {
            if from.hasPrefix("words") {
                add("words MATCH ?", match)
            } else {
                conditions.append(
                    """
                    e.idx IN (SELECT rowid FROM words WHERE words MATCH ? \
                    AND rowid >= \(bounds.lowerBound) AND rowid < \(bounds.upperBound))
                    """
                )
                arguments += [match]
            }
        }
        add("\(number) >= ?", bounds.lowerBound)
        add("\(number) < ?", bounds.upperBound)
        if let session = query.session.flatMap(HexPrefix.number) { add("e.session = ?", session) }
        if let id = query.correlation.flatMap(HexPrefix.number) { add("e.correlation = ?", id) }
        if !codes.isEmpty {
            conditions.append("e.code IN (\(codes.map(String.init).joined(separator: ",")))")
        }
        if let from = query.from { add("e.time >= ?", Int64(clamping: from)) }
        if let until = query.until { add("e.time < ?", Int64(clamping: until)) }
        if let outcome = query.outcome {
            guard let id = try Self.id(of: outcome.rawValue, in: "word", database) else { return nil }
            add("e.outcome = ?", id)
        }
        guard let places = try Self.places(query, scope, database) else { return nil }
        if let places {
            conditions.append("e.municipality IN (\(places.map(String.init).joined(separator: ",")))")
        }
    }

    private mutating func add(_ condition: String, _ value: some DatabaseValueConvertible) {
        conditions.append(condition)
        arguments += [value]
    }

    private var tail: String { "FROM \(from) WHERE \(conditions.joined(separator: " AND "))" }

    var count: String { "SELECT count(*) \(tail)" }

    /// Counts by kind, municipality and person.
    var sums: String {
        """
        SELECT code.text AS code, place.text AS municipality, who.text AS actor, total AS count FROM (
            SELECT e.code AS c, e.municipality AS m, e.actor AS a, count(*) AS total \(tail)
            GROUP BY e.code, e.municipality, e.actor
        ) JOIN word code ON code.id = c LEFT JOIN word place ON place.id = m LEFT JOIN pseudonym who ON who.id = a
        """
    }

    var numbers: String {
        let direction =
            switch order {
            case .newestFirst: "DESC"
            case .oldestFirst: "ASC"
            }
        return "SELECT \(number) \(tail) ORDER BY \(number) \(direction) LIMIT \(limit)"
    }

    /// The index that drives when there is neither a person nor a word.
    private static func driver(_ query: AuditQuery, _ scope: ReadingScope) -> String {
        if query.session != nil { return "INDEXED BY event_session" }
        if query.correlation != nil { return "INDEXED BY event_correlation" }
        if query.events.count == 1 { return "INDEXED BY event_code" }
        if query.municipality != nil { return "INDEXED BY event_municipality" }
        if case .municipalities(let allowed) = scope, allowed.count == 1 {
            return "INDEXED BY event_municipality"
        }
        // In the order of numbers, newest first: the answer is full soon.
        return "NOT INDEXED"
    }

    /// The numbers that can be meant; nil when there are none.
    private static func bounds(
        _ query: AuditQuery,
        _ order: ReadingOrder,
        _ database: Database
    ) throws -> Range<Int64>? {
        let first = Int64(clamping: (query.from ?? 0) / 86_400_000)
        let last = Int64(clamping: (query.until.map { max($0, 1) - 1 } ?? .max) / 86_400_000)
        let row = try Row.fetchOne(
            database,
            sql: "SELECT min(first) AS first, max(next) AS next FROM day WHERE day BETWEEN ? AND ?",
            arguments: [first, last]
        )
        guard var lower = row?["first"] as Int64?, var upper = row?["next"] as Int64? else { return nil }
        if let before = query.before { upper = min(upper, Int64(clamping: before)) }
        if case .oldestFirst(let from) = order { lower = max(lower, Int64(clamping: from)) }
        return lower < upper ? lower..<upper : nil
    }

    private static func codes(_ events: Set<String>, _ database: Database) throws -> [Int64] {
        try events.compactMap { event in
            let code = AuditKind.allCases.first { $0.definition.name == event }?.rawValue ?? event
            return try id(of: code, in: "word", database)
        }
    }

    /// The municipalities that are asked for and allowed: nil outside for none, nil inside for all.
    private static func places(
        _ query: AuditQuery,
        _ scope: ReadingScope,
        _ database: Database
    ) throws -> [Int64]?? {
        let wanted: Set<String>
        switch (query.municipality, scope) {
        case (nil, .county): return .some(nil)
        case (let one?, .county): wanted = [one]
        case (nil, .municipalities(let allowed)): wanted = allowed
        case (let one?, .municipalities(let allowed)): wanted = allowed.intersection([one])
        }
        let ids = try wanted.compactMap { try id(of: $0, in: "word", database) }
        return ids.isEmpty ? .none : .some(ids)
    }

    private static func id(of text: String, in table: String, _ database: Database) throws -> Int64? {
        try Int64.fetchOne(database, sql: "SELECT id FROM \(table) WHERE text = ?", arguments: [text])
    }
}
