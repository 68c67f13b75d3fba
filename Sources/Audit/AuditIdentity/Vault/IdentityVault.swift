// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the map between pseudonyms and sealed names, and how it is opened.

package import AuditEvents
internal import Foundation
internal import GRDB
internal import Glibc
internal import Synchronization

/// Pseudonyms, sealed names, requests to open them, holds.
///
/// Safe from several processes at once. Making a pseudonym asks the disk once per person and month; everything
/// else asks it always. Nothing in it can be read without two holders' keys but pseudonyms and dates.
package final class IdentityVault: Sendable {
    let database: DatabasePool
    let keys: PeriodKeys
    let register: HolderRegister
    let calls: IdentityCalls
    /// Milliseconds since 1970.
    let now: @Sendable () -> UInt64
    let record: AuditRecorder
    let known = Mutex(KnownNames())

    /// Pseudonyms of the present months.
    struct KnownNames {
        var periods: [PseudonymRealm: PseudonymPeriod] = [:]
        var pseudonyms: [PseudonymRealm: [String: String]] = [:]
    }

    /// Names that are remembered; a county has fewer, and who tries more only makes the disk work.
    static let mostKnown = 20_000

    /// Opens the folder, makes what is missing in it, and refuses damaged or newer files.
    ///
    /// `record` gets events without persons (periods) as well as such with names; give it the trail behind
    /// which names are replaced.
    package init(
        folder: String,
        register: HolderRegister,
        calls: IdentityCalls = .system,
        now: @escaping @Sendable () -> UInt64,
        record: @escaping AuditRecorder
    ) throws(IdentityError) {
        self.register = register
        self.calls = calls
        self.now = now
        self.record = record
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw IdentityError(.unusable, "mkdir \(folder): \(String(cString: strerror(errno)))")
        }
        keys = try PeriodKeys(folder: "\(folder)/keys")
        do {
            database = try Self.open("\(folder)/names.sqlite")
        } catch let error as IdentityError {
            throw error
        } catch {
            throw IdentityError(.unusable, "the map of names in \(folder) cannot be used", cause: error)
        }
    }

    package func close() throws(IdentityError) {
        do {
            try database.close()
        } catch {
            throw IdentityError(.unusable, "the map of names does not close", cause: error)
        }
    }

    private static func open(_ path: String) throws -> DatabasePool {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard 0 <= descriptor else {
            throw IdentityError(.unusable, "open \(path): \(String(cString: strerror(errno)))")
        }
        _ = fchmod(descriptor, 0o600)
        Glibc.close(descriptor)
        var configuration = GRDB.Configuration()
        configuration.busyMode = .timeout(5)
        configuration.label = "torhaus.names"
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON")
        }
        let pool = try DatabasePool(path: path, configuration: configuration)
        try pool.read { database in
            let answer = try String.fetchOne(database, sql: "PRAGMA quick_check(1)")
            guard answer == "ok" else { throw IdentityError(.unusable, "\(path) is damaged") }
            guard try !migrator.hasBeenSuperseded(database) else {
                throw IdentityError(.unusable, "\(path) belongs to a newer version of Torhaus")
            }
        }
        try migrator.migrate(pool)
        return pool
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            // `sealed` is always a JSON text under the period's map key.
            try database.execute(
                sql: """
                    CREATE TABLE person (
                        pseudonym TEXT PRIMARY KEY NOT NULL,
                        period TEXT NOT NULL,
                        sealed BLOB NOT NULL
                    ) WITHOUT ROWID, STRICT;
                    CREATE INDEX person_period ON person (period);
                    CREATE TABLE closed_period (
                        period TEXT PRIMARY KEY NOT NULL,
                        sealed BLOB NOT NULL
                    ) WITHOUT ROWID, STRICT;
                    CREATE TABLE destroyed_period (
                        period TEXT PRIMARY KEY NOT NULL,
                        at INTEGER NOT NULL
                    ) WITHOUT ROWID, STRICT;
                    CREATE TABLE request (
                        id TEXT PRIMARY KEY NOT NULL,
                        pseudonym TEXT NOT NULL,
                        period TEXT NOT NULL,
                        requester TEXT NOT NULL,
                        purpose TEXT NOT NULL,
                        number TEXT NOT NULL,
                        expires INTEGER NOT NULL
                    ) WITHOUT ROWID, STRICT;
                    CREATE TABLE approval (
                        request TEXT PRIMARY KEY NOT NULL REFERENCES request ON DELETE CASCADE,
                        holder TEXT NOT NULL,
                        role TEXT NOT NULL,
                        place INTEGER NOT NULL,
                        sealed BLOB NOT NULL
                    ) WITHOUT ROWID, STRICT;
                    CREATE TABLE hold (
                        id TEXT PRIMARY KEY NOT NULL,
                        period TEXT NOT NULL,
                        origin TEXT NOT NULL,
                        first INTEGER,
                        next INTEGER,
                        purpose TEXT NOT NULL,
                        number TEXT NOT NULL,
                        expires INTEGER NOT NULL
                    ) WITHOUT ROWID, STRICT;
                    """
            )
        }
        return migrator
    }
}
