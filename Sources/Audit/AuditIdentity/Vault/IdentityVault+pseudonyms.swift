// SPDX-License-Identifier: EUPL-1.2
// Torhaus: making pseudonyms, and the months they belong to.

internal import AuditEvents
internal import Foundation
internal import GRDB
internal import Synchronization

extension IdentityVault {
    /// A person's pseudonym of the present month.
    ///
    /// When it returns, the sealed name is on the disk. The first call of a month makes its keys.
    package func pseudonym(of name: String, realm: PseudonymRealm) async throws(IdentityError) -> String {
        guard let found = try await pseudonyms(of: [name], realm: realm)[name] else {
            throw IdentityError(.unusable, "a name has no pseudonym")
        }
        return found
    }

    /// Every person's pseudonym of the present month.
    ///
    /// When it returns, every sealed name is on the disk, with one flush for all that are new; when it throws, none of
    /// those is.
    package func pseudonyms(
        of names: Set<String>,
        realm: PseudonymRealm
    ) async throws(IdentityError) -> [String: String] {
        let period = try await presentPeriod(realm)
        var found = known.withLock { known -> [String: String] in
            guard known.periods[realm] == period, let pseudonyms = known.pseudonyms[realm] else { return [:] }
            return names.reduce(into: [:]) { $0[$1] = pseudonyms[$1] }
        }
        guard found.count < names.count else { return found }
        guard let key = try keys.read(period, .pseudonym) else {
            throw IdentityError(.unusable, "the key of \(period) is missing")
        }
        var added: [String: String] = [:]
        for name in names where found[name] == nil {
            added[name] = period.pseudonym(of: name, key: key, calls: calls)
        }
        try await keep(added, period)
        remember(added, period)
        found.merge(added) { first, _ in first }
        return found
    }

    /// The pseudonym of somebody who was asked for in this month already; nil says nothing.
    ///
    /// Asks no disk.
    package func knownPseudonym(of name: String, realm: PseudonymRealm) -> String? {
        let period = PseudonymPeriod(realm, at: now())
        return known.withLock { known in
            known.periods[realm] == period ? known.pseudonyms[realm]?[name] : nil
        }
    }

    private func remember(_ pseudonyms: [String: String], _ period: PseudonymPeriod) {
        let realm = period.realm
        known.withLock { known in
            let count = known.pseudonyms[realm]?.count ?? 0
            if known.periods[realm] != period || Self.mostKnown < count + pseudonyms.count {
                known.periods[realm] = period
                known.pseudonyms[realm] = [:]
            }
            known.pseudonyms[realm]?.merge(pseudonyms) { _, new in new }
        }
    }

    /// Seals the names that have no row yet, and writes all rows in one transaction.
    private func keep(_ pseudonyms: [String: String], _ period: PseudonymPeriod) async throws(IdentityError) {
        let stored = try await read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT EXISTS (SELECT 1 FROM person WHERE pseudonym = ?)"
            )
            return try pseudonyms.filter { try Bool.fetchOne(statement, arguments: [$0.value]) ?? false }
        }
        let key = try mapKey(period)
        var rows: [(pseudonym: String, sealed: Data)] = []
        for (name, pseudonym) in pseudonyms where stored[name] == nil {
            let sealedName: SealedName
            do {
                sealedName = try SealedName(name, pseudonym: pseudonym, register: register, calls: calls)
            } catch {
                throw IdentityError(.unusable, "a name cannot be sealed for the holders", cause: error)
            }
            rows.append((pseudonym, Data(try seal(sealedName, period, row: pseudonym, key: key))))
        }
        guard !rows.isEmpty else { return }
        try await write { [rows] database in
            let statement = try database.cachedStatement(
                sql: "INSERT OR IGNORE INTO person (pseudonym, period, sealed) VALUES (?, ?, ?)"
            )
            for row in rows {
                try statement.execute(arguments: [row.pseudonym, period.description, row.sealed])
            }
        }
    }

    // MARK: Periods

    /// The month of the clock, with its keys made; never an earlier one than there was.
    ///
    /// A clock that jumps back must not bring a closed month to life again.
    private func presentPeriod(_ realm: PseudonymRealm) async throws(IdentityError) -> PseudonymPeriod {
        var period = PseudonymPeriod(realm, at: now())
        if known.withLock({ $0.periods[realm] }) == period { return period }
        if let newest = try keys.periods(.map).last(where: { $0.realm == realm }), period < newest {
            period = newest
        }
        guard try keys.read(period, .pseudonym) == nil else { return period }
        let name = period.description
        let isOver = try await read { database in
            try Bool.fetchOne(
                database,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM closed_period WHERE period = ?1)
                        OR EXISTS (SELECT 1 FROM destroyed_period WHERE ?1 <= period
                            AND substr(period, 1, 1) = substr(?1, 1, 1))
                    """,
                arguments: [name]
            ) ?? false
        }
        guard !isOver else {
            throw IdentityError(.unusable, "\(period) is over; the clock is wrong by a month or more")
        }
        _ = try keys.create(period, .map, try random(SealedSecret.secretBytes))
        // The record comes first, and the key that lets pseudonyms be made only when it is durable: after a failure
        // or a crash in between the next try records again, and a period may be on record twice, never not at all.
        try await note(.periodOpened(name))
        _ = try keys.create(period, .pseudonym, try random(SealedSecret.secretBytes))
        return period
    }

    /// Days after a month's end until its key goes under the holders' keys.
    ///
    /// Nobody makes pseudonyms of it any more; the days are for clocks that differ.
    static let closingDays: UInt64 = 2

    /// Puts the pseudonym keys of finished months under the holders' keys; run it daily.
    ///
    /// From then on nobody alone can tell a person's pseudonym, not even with all files of this machine.
    package func closeFinishedPeriods() async throws(IdentityError) {
        for period in try keys.periods(.pseudonym) {
            let due = period.range.upperBound + Self.closingDays * 86_400_000
            guard due <= now(), let key = try keys.read(period, .pseudonym) else { continue }
            let secret: SealedSecret
            do {
                secret = try SealedSecret(key, for: register, calls: calls)
            } catch {
                throw IdentityError(.unusable, "the key of \(period) cannot be sealed", cause: error)
            }
            let sealed = try seal(secret, period, row: "pseudonym key")
            let name = period.description
            try await note(.periodClosed(name, persons: try await persons(of: period)))
            try await write { database in
                try database.execute(
                    sql: "INSERT OR REPLACE INTO closed_period (period, sealed) VALUES (?, ?)",
                    arguments: [name, Data(sealed)]
                )
            }
            try keys.destroy(period, .pseudonym)
        }
    }

    /// How many persons a period has.
    func persons(of period: PseudonymPeriod) async throws(IdentityError) -> Int {
        let name = period.description
        return try await read { database in
            try Int.fetchOne(
                database,
                sql: "SELECT count(*) FROM person WHERE period = ?",
                arguments: [name]
            ) ?? 0
        }
    }
}
