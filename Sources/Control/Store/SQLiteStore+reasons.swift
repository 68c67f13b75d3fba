// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reasons in SQLite, for the help desk.

internal import Foundation
internal import GRDB
package import Sessions

extension SQLiteStore: ReasonStore {
    package func insert(_ reason: ReasonRecord) async throws -> Bool {
        let body = try StoredBody.encode(reason)
        return try await pool.write { database in
            try database.execute(
                sql: "INSERT INTO reason (reference, at, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                arguments: [reason.reference, reason.at.stored, body]
            )
            return database.changesCount == 1
        }
    }

    package func reason(_ reference: String) async throws -> ReasonRecord? {
        let body = try await pool.read { database in
            try Data.fetchOne(
                database,
                sql: "SELECT body FROM reason WHERE reference = ?",
                arguments: [reference]
            )
        }
        return try body.map { body throws(StoreError) in try StoredBody.decode(ReasonRecord.self, body) }
    }

    package func purge(before milliseconds: UInt64) async throws {
        try await pool.write { database in
            try database.execute(sql: "DELETE FROM reason WHERE at < ?", arguments: [milliseconds.stored])
        }
    }
}
