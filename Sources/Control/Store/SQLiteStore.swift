// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the one SQLite file of the control plane, and how it is opened.

internal import Foundation
internal import GRDB
internal import Glibc

/// Tickets, reasons and web sessions over restarts.
///
/// Every call is one transaction that is on the disk when the call returns (WAL with `synchronous=FULL`).
/// The work runs on GRDB's own queues, never on the cooperative pool.
package final class SQLiteStore: Sendable {
    let pool: DatabasePool
    /// Milliseconds since 1970.
    let now: @Sendable () -> UInt64

    /// Opens the file, makes it when there is none, and brings its tables up to date.
    ///
    /// Refuses damaged files and those of a newer version: a store that forgets would revive used tickets.
    package init(path: String, now: @escaping @Sendable () -> UInt64) throws(StoreError) {
        self.now = now
        do {
            try Self.create(path)
            var configuration = GRDB.Configuration()
            configuration.busyMode = .timeout(5)
            configuration.label = "torhaus.store"
            configuration.prepareDatabase { database in
                try database.execute(sql: "PRAGMA synchronous = FULL")
            }
            pool = try DatabasePool(path: path, configuration: configuration)
            try Self.check(pool)
            try Self.migrator.migrate(pool)
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(.unusable, "the store \(path) cannot be used", cause: error)
        }
    }

    /// Brings everything into the one file and ends every connection; further calls fail.
    package func close() throws {
        _ = try pool.writeWithoutTransaction { database in try database.checkpoint(.truncate) }
        try pool.close()
    }

    // MARK: Opening

    /// Tickets are hashes, but web sessions say who works here: nobody else needs to read them.
    private static func create(_ path: String) throws {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard 0 <= descriptor else {
            throw StoreError(
                .unusable,
                "the store \(path) cannot be opened: \(String(cString: strerror(errno)))"
            )
        }
        _ = fchmod(descriptor, 0o600)
        Glibc.close(descriptor)
    }

    private static func check(_ pool: DatabasePool) throws {
        try pool.read { database in
            let answer = try String.fetchOne(database, sql: "PRAGMA quick_check(1)")
            guard answer == "ok" else {
                throw StoreError(.unusable, "the store is damaged: \(answer ?? "no answer")")
            }
            guard try !migrator.hasBeenSuperseded(database) else {
                throw StoreError(.unusable, "the store belongs to a newer version of Torhaus")
            }
        }
    }

    // MARK: Tables

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            // `due`: when an unused ticket or a grace lapses. What is never asked for is in `body`.
            try database.execute(
                sql: """
                    CREATE TABLE ticket (
                        hash BLOB PRIMARY KEY NOT NULL CHECK (length(hash) = 32),
                        version INTEGER NOT NULL,
                        state TEXT NOT NULL,
                        user TEXT NOT NULL,
                        web TEXT,
                        session BLOB UNIQUE,
                        due INTEGER,
                        changed_at INTEGER NOT NULL,
                        body BLOB NOT NULL
                    ) WITHOUT ROWID, STRICT;
                    CREATE INDEX ticket_state ON ticket (state, due);
                    CREATE INDEX ticket_user ON ticket (user, state);
                    CREATE INDEX ticket_web ON ticket (web, state);
                    CREATE TABLE reason (
                        reference TEXT PRIMARY KEY NOT NULL,
                        at INTEGER NOT NULL,
                        body BLOB NOT NULL
                    ) WITHOUT ROWID, STRICT;
                    CREATE INDEX reason_at ON reason (at);
                    CREATE TABLE web_session (
                        id TEXT PRIMARY KEY NOT NULL,
                        cookie_hash BLOB NOT NULL UNIQUE,
                        csrf TEXT NOT NULL,
                        begun_at INTEGER NOT NULL,
                        last_used_at INTEGER NOT NULL,
                        person BLOB NOT NULL
                    ) WITHOUT ROWID, STRICT;
                    CREATE INDEX web_session_used ON web_session (last_used_at);
                    """
            )
        }
        return migrator
    }
}

/// JSON inside a row.
enum StoredBody {
    static func encode(_ value: some Encodable) throws -> Data { try JSONEncoder().encode(value) }

    static func decode<Value: Decodable>(_ type: Value.Type, _ data: Data) throws(StoreError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch {
            throw StoreError(.damagedRecord, "a row of the store does not read", cause: error)
        }
    }
}

extension UInt64 {
    /// SQLite knows signed numbers only; times beyond them are beyond every clock.
    var stored: Int64 { Int64(clamping: self) }
}
