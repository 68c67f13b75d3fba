// SPDX-License-Identifier: EUPL-1.2
// Torhaus: destroying the keys of months that are over, and the holds that keep them.

package import AuditEvents
internal import Foundation
internal import GRDB

/// A hold as it lies in the vault.
package struct PlacedHold: Sendable, Hashable {
    package let hold: AuditHold
    package let why: AuditCase
}

extension IdentityVault {
    /// The longest hold, in days; then somebody decides again.
    package static let longestHoldDays: UInt64 = 366

    /// Destroys the keys and rows of every period whose records are all over, holds excepted; run it daily.
    ///
    /// Requests and holds whose time is over go as well. Returns the destroyed periods. Each is on record before it is done.
    package func destroyExpiredPeriods(
        _ rules: RetentionRules
    ) async throws(IdentityError) -> [PseudonymPeriod] {
        try await dropExpiredRequests()
        try await dropExpiredHolds()
        let held = Set(try await holds().map(\.hold.period))
        var destroyed: [PseudonymPeriod] = []
        for period in try keys.periods(.map) {
            let name = period.description
            guard rules.isOver(period, now: now()), !held.contains(name) else { continue }
            try await note(.periodDestroyed(name, persons: try await persons(of: period)))
            // Keys first: after a crash between the two the rows are only noise, and the next run sees them.
            try keys.destroy(period, .pseudonym)
            try keys.destroy(period, .map)
            try await forget(period)
            destroyed.append(period)
        }
        try await forgetLeftRows()
        return destroyed
    }

    private func forget(_ period: PseudonymPeriod) async throws(IdentityError) {
        let name = period.description
        let at = Int64(clamping: now())
        try await write { database in
            for table in ["person", "closed_period", "request"] {
                try database.execute(sql: "DELETE FROM \(table) WHERE period = ?", arguments: [name])
            }
            try database.execute(
                sql: "INSERT OR IGNORE INTO destroyed_period (period, at) VALUES (?, ?)",
                arguments: [name, at]
            )
        }
        do {
            // The deleted rows must not live on in the write-ahead log.
            _ = try await database.writeWithoutTransaction { database in
                try database.checkpoint(.truncate)
            }
        } catch {
            throw IdentityError(.unusable, "the map of names cannot be cleaned", cause: error)
        }
    }

    /// Rows of periods whose keys are gone, after a crash in the middle.
    private func forgetLeftRows() async throws(IdentityError) {
        let alive = Set(try keys.periods(.map).map(\.description))
        let stored = try await read { database in
            try String.fetchAll(database, sql: "SELECT DISTINCT period FROM person")
        }
        for name in stored where !alive.contains(name) {
            if let period = PseudonymPeriod(name) { try await forget(period) }
        }
    }

    // MARK: Holds

    /// Keeps a range of records, a period, or both beyond their retention; one holder must agree with a key.
    package func placeHold(
        range: Range<UInt64>?,
        origin: String,
        period: PseudonymPeriod?,
        why: AuditCase,
        days: UInt64,
        with key: HolderKey,
        by subject: AuditSubject
    ) async throws(IdentityError) -> AuditHold {
        try Self.check(why)
        guard (1...Self.longestHoldDays).contains(days) else {
            throw IdentityError(.expired, "a hold lasts 1 to \(Self.longestHoldDays) days")
        }
        guard range?.isEmpty == false || period != nil, range == nil || !origin.isEmpty else {
            throw IdentityError(.unknown, "a hold needs a range of a log or a period")
        }
        let approver = try prove(key)
        let hold = AuditHold(
            id: try newID("H"),
            range: range,
            origin: range == nil ? "" : origin,
            period: period?.description ?? "",
            expires: now() + days * 86_400_000
        )
        try await note(.holdPlaced(subject, hold: hold, why: why, approver: approver))
        try await write { database in
            try database.execute(
                sql: """
                    INSERT INTO hold (id, period, origin, first, next, purpose, number, expires)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    hold.id, hold.period, hold.origin, hold.range.map { Int64(clamping: $0.lowerBound) },
                    hold.range.map { Int64(clamping: $0.upperBound) }, why.purpose, why.number,
                    Int64(clamping: hold.expires),
                ]
            )
        }
        return hold
    }

    /// Ends a hold before its time.
    package func liftHold(
        _ id: String,
        with key: HolderKey,
        by subject: AuditSubject
    ) async throws(IdentityError) {
        guard try await holds().contains(where: { $0.hold.id == id }) else {
            throw IdentityError(.unknown, "there is no hold \(id)")
        }
        _ = try prove(key)
        try await note(.holdLifted(subject, id: id, reason: "lifted"))
        try await removeHold(id)
    }

    /// Every hold.
    package func holds() async throws(IdentityError) -> [PlacedHold] {
        try await read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM hold ORDER BY expires, id").map { row in
                let first = (row["first"] as Int64?).map { UInt64(clamping: $0) }
                let next = (row["next"] as Int64?).map { UInt64(clamping: $0) }
                var range: Range<UInt64>?
                if let first, let next, first <= next { range = first..<next }
                return PlacedHold(
                    hold: AuditHold(
                        id: row["id"],
                        range: range,
                        origin: row["origin"],
                        period: row["period"],
                        expires: UInt64(clamping: row["expires"] as Int64)
                    ),
                    why: AuditCase(purpose: row["purpose"], number: row["number"])
                )
            }
        }
    }

    /// The ranges of one log that must not be erased.
    package func heldRanges(of origin: String) async throws(IdentityError) -> [Range<UInt64>] {
        try await holds().filter { $0.hold.origin == origin }.compactMap(\.hold.range)
    }

    private func dropExpiredHolds() async throws(IdentityError) {
        for placed in try await holds() where placed.hold.expires <= now() {
            try await note(.holdLifted(.system, id: placed.hold.id, reason: "expired"))
            try await removeHold(placed.hold.id)
        }
    }

    private func removeHold(_ id: String) async throws(IdentityError) {
        try await write { database in
            try database.execute(sql: "DELETE FROM hold WHERE id = ?", arguments: [id])
        }
    }
}
