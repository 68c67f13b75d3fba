// SPDX-License-Identifier: EUPL-1.2
// Torhaus: writes records into the index, within one transaction.

internal import AuditEvents
internal import GRDB

/// Prepared statements and the words of one transaction.
struct IndexWriter {
    private let database: Database
    private let event: Statement
    private let person: Statement
    private let words: Statement
    private var known: [String: Int64] = [:]
    private var pseudonyms: [String: Int64] = [:]
    /// Of each day, the numbers of its records.
    private var days: [Int64: ClosedRange<Int64>] = [:]

    init(_ database: Database) throws {
        self.database = database
        event = try database.makeStatement(
            sql: """
                INSERT INTO event (idx, time, code, outcome, municipality, actor, session, correlation)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        person = try database.makeStatement(sql: "INSERT OR IGNORE INTO person (person, idx) VALUES (?, ?)")
        words = try database.makeStatement(sql: "INSERT INTO words (rowid, content) VALUES (?, ?)")
    }

    mutating func add(_ record: AuditRecord, at index: UInt64) throws {
        let id = Int64(clamping: index)
        let actor = record.text(.actor)
        try event.execute(arguments: [
            id, Int64(clamping: record.milliseconds), try word(record.code), try word(record.outcome),
            try record.text(.municipality).map { try word($0) }, try actor.map { try pseudonym($0) },
            record.text(.session).flatMap { HexPrefix.number($0) },
            record.text(.correlation).flatMap { HexPrefix.number($0) },
        ])
        for each in record.persons { try person.execute(arguments: [try pseudonym(each), id]) }
        let text = record.searchText
        if !text.isEmpty { try words.execute(arguments: [id, text]) }
        let day = Int64(clamping: record.milliseconds / 86_400_000)
        if let range = days[day] {
            days[day] = min(range.lowerBound, id)...max(range.upperBound, id)
        } else {
            days[day] = id...id
        }
    }

    /// Writes what was collected; call it once at the end.
    func finish() throws {
        for (day, range) in days {
            try database.execute(
                sql: """
                    INSERT INTO day (day, first, next) VALUES (?1, ?2, ?3)
                    ON CONFLICT (day) DO UPDATE SET first = min(first, ?2), next = max(next, ?3)
                    """,
                arguments: [day, range.lowerBound, range.upperBound + 1]
            )
        }
    }

    private mutating func word(_ text: String) throws -> Int64 {
        if let id = known[text] { return id }
        let id = try Self.id(of: text, in: "word", database)
        known[text] = id
        return id
    }

    private mutating func pseudonym(_ text: String) throws -> Int64 {
        if let id = pseudonyms[text] { return id }
        let id = try Self.id(of: text, in: "pseudonym", database)
        pseudonyms[text] = id
        return id
    }

    private static func id(of text: String, in table: String, _ database: Database) throws -> Int64 {
        let find = try database.cachedStatement(sql: "SELECT id FROM \(table) WHERE text = ?")
        if let id = try Int64.fetchOne(find, arguments: [text]) { return id }
        try database.execute(sql: "INSERT INTO \(table) (text) VALUES (?)", arguments: [text])
        return database.lastInsertedRowID
    }
}
