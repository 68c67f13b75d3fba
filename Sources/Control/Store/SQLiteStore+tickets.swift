// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tickets in SQLite. A change names the version it saw, and SQLite says whether it was the newest.

internal import Foundation
internal import GRDB
package import Sessions

extension SQLiteStore: TicketStore {
    package func insert(_ record: TicketRecord) async throws {
        let row = try TicketRow(record, changedAt: now())
        try await pool.write { database in
            try database.execute(
                sql: """
                    INSERT INTO ticket (hash, version, state, user, web, session, due, changed_at, body)
                    VALUES (:hash, :version, :state, :user, :web, :session, :due, :changedAt, :body)
                    """,
                arguments: row.arguments
            )
        }
    }

    package func ticket(hash: [UInt8]) async throws -> TicketRecord? {
        try await fetch("hash = ?", [Data(hash)]).first
    }

    package func ticket(session: [UInt8]) async throws -> TicketRecord? {
        try await fetch("session = ?", [Data(session)]).first
    }

    package func replace(_ record: TicketRecord) async throws -> Bool {
        let row = try TicketRow(record, changedAt: now())
        return try await pool.write { database in try row.replace(database) }
    }

    package func claim(_ record: TicketRecord, sessionsPerPerson limit: Int) async throws -> ClaimOutcome {
        let row = try TicketRow(record, changedAt: now())
        return try await pool.write { database in
            // Counted inside the transaction: two tickets of a person may be used at the same moment. Broken lines
            // do not count: somebody with bad reception must not be kept out by her own attempts.
            let others = try Int.fetchOne(
                database,
                sql: """
                    SELECT COUNT(*) FROM ticket
                    WHERE user = ? AND hash <> ? AND state IN ('opened', 'connected')
                    """,
                arguments: [row.record.person.user, Data(row.record.hash)]
            )
            guard let others, others < limit else { return .tooManySessions }
            return try row.replace(database) ? .claimed : .conflict
        }
    }

    package func live() async throws -> [TicketRecord] {
        try await fetch("state IN ('opened', 'connected', 'interrupted')", [])
    }

    package func unfinished(web: WebSessionID) async throws -> [TicketRecord] {
        try await fetch("web = ? AND state <> 'ended'", [web.value])
    }

    package func unused(user: String) async throws -> Int {
        try await pool.read { database in
            try Int.fetchOne(
                database,
                sql: "SELECT COUNT(*) FROM ticket WHERE user = ? AND state = 'issued'",
                arguments: [user]
            ) ?? 0
        }
    }

    package func lapsed(at milliseconds: UInt64) async throws -> [TicketRecord] {
        try await fetch("state IN ('issued', 'interrupted') AND due <= ?", [milliseconds.stored])
    }

    package func purge(endedBefore milliseconds: UInt64) async throws {
        try await pool.write { database in
            try database.execute(
                sql: "DELETE FROM ticket WHERE state = 'ended' AND changed_at < ?",
                arguments: [milliseconds.stored]
            )
        }
    }

    private func fetch(_ condition: String, _ arguments: StatementArguments) async throws -> [TicketRecord] {
        let rows = try await pool.read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT version, body FROM ticket WHERE \(condition)",
                arguments: arguments
            )
            .map { row -> (version: Int64, body: Data) in (row["version"], row["body"]) }
        }
        return try rows.map { row in
            var record = try StoredBody.decode(TicketRecord.self, row.body)
            record.version = row.version
            return record
        }
    }
}

/// A ticket's columns.
private struct TicketRow: Sendable {
    let record: TicketRecord
    let changedAt: UInt64
    let body: Data

    init(_ record: TicketRecord, changedAt: UInt64) throws {
        self.record = record
        self.changedAt = changedAt
        self.body = try StoredBody.encode(record)
    }

    var arguments: StatementArguments {
        [
            "hash": Data(record.hash),
            "version": record.version,
            "state": record.standing.state.rawValue,
            "user": record.person.user,
            "web": record.web?.value,
            "session": record.session.map { Data($0.id) },
            "due": due?.stored,
            "changedAt": changedAt.stored,
            "body": body,
        ]
    }

    private var due: UInt64? {
        switch record.standing.state {
        case .issued: record.expiresAt
        // A grace without an end would never lapse; it lapses at once instead.
        case .interrupted: record.session?.graceUntil ?? 0
        case .opened, .connected, .ended: nil
        }
    }

    func replace(_ database: Database) throws -> Bool {
        try database.execute(
            sql: """
                UPDATE ticket SET version = version + 1, state = :state, user = :user, web = :web,
                    session = :session, due = :due, changed_at = :changedAt, body = :body
                WHERE hash = :hash AND version = :version
                """,
            arguments: arguments
        )
        return database.changesCount == 1
    }
}
