// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a SQLite file that finds the numbers of records; the records stay in the log.

internal import Foundation
internal import GRDB
internal import Glibc

/// The index of one log.
///
/// It holds numbers, times, codes, pseudonyms and the words of texts, never a whole record. Damaged, outdated or
/// foreign files are thrown away: the log is the truth.
package final class SearchIndex: Sendable {
    let pool: DatabasePool

    /// Changed with the tables; a file of another number is made again.
    static let version: Int64 = 1

    /// Memory for pages in KiB; enough that filling does not wait for the disk at every record.
    private static let cacheKibibytes = 65_536

    /// Opens the file, or makes it.
    package init(path: String) throws(ReadingError) {
        do {
            if let pool = try? Self.open(path), try Self.isUsable(pool) {
                self.pool = pool
                return
            }
            for suffix in ["", "-wal", "-shm"] {
                guard unlink(path + suffix) == 0 || errno == ENOENT else {
                    throw ReadingError(.index, "unlink \(path): \(String(cString: strerror(errno)))")
                }
            }
            pool = try Self.open(path)
            try Self.make(pool)
        } catch let error as ReadingError {
            throw error
        } catch {
            throw ReadingError(.index, "the search index \(path) cannot be used", cause: error)
        }
    }

    package func close() throws(ReadingError) {
        do {
            try pool.close()
        } catch {
            throw ReadingError(.index, "the search index does not close", cause: error)
        }
    }

    private static func open(_ path: String) throws -> DatabasePool {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard 0 <= descriptor else {
            throw ReadingError(.index, "open \(path): \(String(cString: strerror(errno)))")
        }
        Glibc.close(descriptor)
        var configuration = GRDB.Configuration()
        configuration.busyMode = .timeout(5)
        configuration.label = "torhaus.search"
        configuration.prepareDatabase { database in
            // A power failure may cost the last transactions, which are made again from the log.
            try database.execute(
                sql: """
                    PRAGMA synchronous = NORMAL;
                    PRAGMA secure_delete = ON;
                    PRAGMA temp_store = MEMORY;
                    PRAGMA cache_size = -\(cacheKibibytes)
                    """
            )
        }
        return try DatabasePool(path: path, configuration: configuration)
    }

    private static func isUsable(_ pool: DatabasePool) throws -> Bool {
        let usable = try? pool.read { database in
            guard try Int64.fetchOne(database, sql: "PRAGMA user_version") == version else { return false }
            return try Int64.fetchOne(database, sql: "SELECT next FROM state") != nil
        }
        if usable == true { return true }
        try pool.close()
        return false
    }

    private static func make(_ pool: DatabasePool) throws {
        try pool.write { database in
            // `first` and `next` of a day bound the numbers of its records: a search by time reads no other.
            try database.execute(
                sql: """
                    CREATE TABLE state (next INTEGER NOT NULL, mark TEXT NOT NULL, unreadable INTEGER NOT NULL)
                        STRICT;
                    INSERT INTO state VALUES (0, '', 0);
                    CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
                    CREATE TABLE pseudonym (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
                    CREATE TABLE day (day INTEGER PRIMARY KEY, first INTEGER NOT NULL, next INTEGER NOT NULL)
                        STRICT;
                    CREATE TABLE event (
                        idx INTEGER PRIMARY KEY,
                        time INTEGER NOT NULL,
                        code INTEGER NOT NULL,
                        outcome INTEGER NOT NULL,
                        municipality INTEGER,
                        actor INTEGER,
                        session INTEGER,
                        correlation INTEGER
                    ) STRICT;
                    CREATE INDEX event_code ON event (code);
                    CREATE INDEX event_municipality ON event (municipality) WHERE municipality IS NOT NULL;
                    CREATE INDEX event_session ON event (session) WHERE session IS NOT NULL;
                    CREATE INDEX event_correlation ON event (correlation) WHERE correlation IS NOT NULL;
                    CREATE TABLE person (person INTEGER NOT NULL, idx INTEGER NOT NULL,
                        PRIMARY KEY (person, idx)) WITHOUT ROWID, STRICT;
                    CREATE VIRTUAL TABLE words USING fts5(
                        content, content='', tokenize="unicode61 remove_diacritics 2"
                    );
                    PRAGMA user_version = \(version);
                    """
            )
        }
    }

    // MARK: Access

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(ReadingError) -> Value {
        do {
            return try await pool.read(body)
        } catch {
            throw (error as? ReadingError)
                ?? ReadingError(.index, "the search index does not read", cause: error)
        }
    }
}
