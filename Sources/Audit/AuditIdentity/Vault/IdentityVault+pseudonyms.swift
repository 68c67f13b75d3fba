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
        let period = try await presentPeriod(realm)
        if let found = known.withLock({ $0.periods[realm] == period ? $0.pseudonyms[realm]?[name] : nil }) {
            return found
        }
        guard let key = try keys.read(period, .pseudonym) else {
            throw IdentityError(.unusable, "the key of \(period) is missing")
        }
        let pseudonym = period.pseudonym(of: name, key: key, calls: calls)
        try await keep(name, pseudonym, period)
        known.withLock { known in
            if known.periods[realm] != period || Self.mostKnown <= known.pseudonyms[realm]?.count ?? 0 {
                known.periods[realm] = period
                known.pseudonyms[realm] = [:]
            }
            known.pseudonyms[realm]?[name] = pseudonym
        }
        return pseudonym
    }

    private func keep(
        _ name: String,
        _ pseudonym: String,
        _ period: PseudonymPeriod
    ) async throws(IdentityError) {
        let isKnown = try await read { database in
            try Bool.fetchOne(
                database,
                sql: "SELECT EXISTS (SELECT 1 FROM person WHERE pseudonym = ?)",
                arguments: [pseudonym]
            ) ?? false
        }
        guard !isKnown else { return }
        let sealedName: SealedName
        do {
            sealedName = try SealedName(name, pseudonym: pseudonym, register: register, calls: calls)
        } catch {
            throw IdentityError(.unusable, "a name cannot be sealed for the holders", cause: error)
        }
        let sealed = try seal(sealedName, period, row: pseudonym)
        try await write { database in
            try database.execute(
                sql: "INSERT OR IGNORE INTO person (pseudonym, period, sealed) VALUES (?, ?, ?)",
                arguments: [pseudonym, period.description, Data(sealed)]
            )
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
