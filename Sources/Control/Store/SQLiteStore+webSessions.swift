// SPDX-License-Identifier: EUPL-1.2
// Torhaus: signed-in browsers in SQLite.

internal import Foundation
internal import GRDB
package import Sessions

extension SQLiteStore: WebSessionStore {
    package func save(_ session: WebSession) async throws {
        let person = try StoredBody.encode(session.person)
        try await pool.write { database in
            try database.execute(
                sql: """
                    INSERT INTO web_session (id, cookie_hash, csrf, begun_at, last_used_at, person)
                    VALUES (?, ?, ?, ?, ?, ?)
                    ON CONFLICT (id) DO UPDATE SET cookie_hash = excluded.cookie_hash, csrf = excluded.csrf,
                        begun_at = excluded.begun_at, last_used_at = excluded.last_used_at,
                        person = excluded.person
                    """,
                arguments: [
                    session.id.value, Data(session.cookieHash), session.csrfToken, session.begunAt.stored,
                    session.lastUsedAt.stored, person,
                ]
            )
        }
    }

    package func find(cookieHash: [UInt8]) async throws -> WebSession? {
        try await pool.read { database in
            try Row.fetchOne(
                database,
                sql: "SELECT * FROM web_session WHERE cookie_hash = ?",
                arguments: [Data(cookieHash)]
            )
            .map(Self.webSession)
        }
    }

    package func touch(_ id: WebSessionID, at milliseconds: UInt64) async throws {
        try await pool.write { database in
            // Two requests of one page may arrive in either order; time only goes forward.
            try database.execute(
                sql: "UPDATE web_session SET last_used_at = max(last_used_at, ?) WHERE id = ?",
                arguments: [milliseconds.stored, id.value]
            )
        }
    }

    package func remove(_ id: WebSessionID) async throws {
        try await pool.write { database in
            try database.execute(sql: "DELETE FROM web_session WHERE id = ?", arguments: [id.value])
        }
    }

    package func removeExpired(
        lastUsedBefore lastUsed: UInt64,
        begunBefore begun: UInt64
    ) async throws -> [WebSession] {
        try await pool.write { database in
            let condition = "WHERE last_used_at < ? OR begun_at < ?"
            let arguments: StatementArguments = [lastUsed.stored, begun.stored]
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT * FROM web_session \(condition)",
                arguments: arguments
            )
            guard !rows.isEmpty else { return [] }
            let expired = try rows.map(Self.webSession)
            try database.execute(sql: "DELETE FROM web_session \(condition)", arguments: arguments)
            return expired
        }
    }

    private static func webSession(_ row: Row) throws -> WebSession {
        let person: Data = row["person"]
        let cookieHash: Data = row["cookie_hash"]
        let begunAt: Int64 = row["begun_at"]
        let lastUsedAt: Int64 = row["last_used_at"]
        return WebSession(
            id: WebSessionID(value: row["id"]),
            cookieHash: Array(cookieHash),
            csrfToken: row["csrf"],
            person: try StoredBody.decode(SignedInPerson.self, person),
            begunAt: UInt64(clamping: begunAt),
            lastUsedAt: UInt64(clamping: lastUsedAt)
        )
    }
}
