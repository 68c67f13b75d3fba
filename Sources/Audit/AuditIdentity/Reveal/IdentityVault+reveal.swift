// SPDX-License-Identifier: EUPL-1.2
// Torhaus: how a name is opened: asked with purpose and case number, agreed to by two holders of two roles,
// within a time, each step on record before it counts.

package import AuditEvents
internal import Foundation
internal import GRDB

extension IdentityVault {
    /// How long a request may wait for its two approvals, in hours.
    package static let defaultRequestHours: UInt64 = 24
    package static let longestRequestHours: UInt64 = 168

    /// Asks for the name behind a pseudonym; the answer is the request's number.
    ///
    /// Whether `subject` may ask is the policy's decision (`revealPseudonym`), made before this call.
    package func requestName(
        of pseudonym: String,
        why: AuditCase,
        by subject: AuditSubject,
        hours: UInt64 = defaultRequestHours
    ) async throws(IdentityError) -> RevealRequest {
        try Self.check(why)
        guard (1...Self.longestRequestHours).contains(hours) else {
            throw IdentityError(.expired, "a request lasts 1 to \(Self.longestRequestHours) hours")
        }
        let (period, _) = try await sealedName(of: pseudonym)
        let id = try newID("A")
        let expires = now() + hours * 3_600_000
        try await note(
            .reveal(
                .requested(expires: expires),
                subject,
                request: id,
                why: why,
                about: pseudonym,
                period: period.description
            )
        )
        let requester = try await self.pseudonym(of: subject.actor ?? "", realm: .accountability)
        try await write { database in
            try database.execute(
                sql: """
                    INSERT INTO request (id, pseudonym, period, requester, purpose, number, expires)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    id, pseudonym, period.description, requester, why.purpose, why.number,
                    Int64(clamping: expires),
                ]
            )
        }
        return try await request(id)
    }

    /// Agrees to a request with a holder's key; the second of two roles gets the name.
    ///
    /// That the caller is the holder is proven by the key: it must open the share that was sealed for it.
    package func approve(
        _ id: String,
        with key: HolderKey,
        by subject: AuditSubject
    ) async throws(IdentityError) -> RevealAnswer {
        let request = try await request(id)
        do throws(IdentityError) {
            return try await approve(request, key, subject)
        } catch {
            guard error.code != .notRecorded else { throw error }
            let approver = register.holder(key.holder).map {
                AuditApprover(holder: $0.holder, role: $0.role)
            }
            try await note(request, .refused(approver, reason: error.code.rawValue), subject)
            throw error
        }
    }

    private func approve(
        _ request: RevealRequest,
        _ key: HolderKey,
        _ subject: AuditSubject
    ) async throws(IdentityError) -> RevealAnswer {
        guard now() < request.expires else {
            throw IdentityError(.expired, "the request \(request.id) is over")
        }
        let (period, name) = try await sealedName(of: request.pseudonym)
        let share = try name.key.open(with: key, calls: calls)
        let approver = AuditApprover(holder: share.holder, role: share.role)
        guard let first = request.approved else {
            try await note(request, .approved(approver), subject)
            try await keep(share, request, period)
            return .waiting(for: register.roles.filter { $0 != share.role })
        }
        guard first.role != share.role, first.holder != share.holder else {
            throw IdentityError(.sameRole, "the other approval must be from another role")
        }
        let other = try await firstShare(request, period)
        let opened: String
        do {
            opened = try name.open(other, share, pseudonym: request.pseudonym, calls: calls)
        } catch {
            throw IdentityError(.unusable, "the name of \(request.pseudonym) does not open", cause: error)
        }
        try await note(request, .approved(approver), subject)
        try await note(request, .revealed(by: [first, approver], count: 1), subject)
        try await remove(request.id)
        return .revealed(name: opened)
    }

    /// Says no to a request; it is gone.
    package func refuse(_ id: String, by subject: AuditSubject) async throws(IdentityError) {
        let request = try await request(id)
        try await note(request, .refused(nil, reason: "withdrawn"), subject)
        try await remove(id)
    }

    /// Removes what is over, each with its record; run it hourly.
    package func dropExpiredRequests() async throws(IdentityError) {
        for request in try await requests() where request.expires <= now() {
            try await note(request, .refused(nil, reason: "expired"), .system)
            try await remove(request.id)
        }
    }

    // MARK: Rows

    /// Every request that waits, the one that ends first at the top.
    package func requests() async throws(IdentityError) -> [RevealRequest] {
        let roles = register.roles
        return try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT request.*, approval.holder, approval.role FROM request
                    LEFT JOIN approval ON approval.request = request.id ORDER BY expires, id
                    """
            ).map { row in
                let approved = (row["holder"] as String?).map {
                    AuditApprover(holder: $0, role: row["role"] ?? "")
                }
                return RevealRequest(
                    id: row["id"],
                    pseudonym: row["pseudonym"],
                    why: AuditCase(purpose: row["purpose"], number: row["number"]),
                    requester: row["requester"],
                    expires: UInt64(clamping: row["expires"] as Int64),
                    approved: approved,
                    waitingFor: roles.filter { $0 != approved?.role }
                )
            }
        }
    }

    private func request(_ id: String) async throws(IdentityError) -> RevealRequest {
        guard let found = try await requests().first(where: { $0.id == id }) else {
            throw IdentityError(.unknown, "there is no request \(id)")
        }
        return found
    }

    private func note(
        _ request: RevealRequest,
        _ step: AuditEvent.RevealStep,
        _ subject: AuditSubject
    ) async throws(IdentityError) {
        let period = PseudonymPeriod(ofPseudonym: request.pseudonym)?.description ?? ""
        try await note(
            .reveal(
                step,
                subject,
                request: request.id,
                why: request.why,
                about: request.pseudonym,
                period: period
            )
        )
    }

    private func remove(_ id: String) async throws(IdentityError) {
        try await write { database in
            try database.execute(sql: "DELETE FROM request WHERE id = ?", arguments: [id])
        }
    }

    /// One share says nothing about the key; it is sealed all the same, so that it goes with its period.
    private func keep(
        _ share: OpenShare,
        _ request: RevealRequest,
        _ period: PseudonymPeriod
    ) async throws(IdentityError) {
        let sealed = try seal(share.share, period, row: request.id)
        try await write { database in
            try database.execute(
                sql: "INSERT INTO approval (request, holder, role, place, sealed) VALUES (?, ?, ?, ?, ?)",
                arguments: [request.id, share.holder, share.role, Int64(share.place), Data(sealed)]
            )
        }
    }

    private func firstShare(
        _ request: RevealRequest,
        _ period: PseudonymPeriod
    ) async throws(IdentityError) -> OpenShare {
        let id = request.id
        let row = try await read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM approval WHERE request = ?", arguments: [id]).map {
                (
                    holder: $0["holder"] as String, role: $0["role"] as String, place: $0["place"] as Int64,
                    sealed: $0["sealed"] as Data
                )
            }
        }
        guard let row, let place = UInt8(exactly: row.place) else {
            throw IdentityError(.unknown, "the first approval of \(id) is gone")
        }
        let share = try unseal([UInt8].self, Array(row.sealed), period, row: id)
        return OpenShare(holder: row.holder, role: row.role, place: place, share: share)
    }

    /// The sealed name behind a pseudonym.
    func sealedName(of pseudonym: String) async throws(IdentityError) -> (PseudonymPeriod, SealedName) {
        guard let period = PseudonymPeriod(ofPseudonym: pseudonym) else {
            throw IdentityError(.unknown, "\(pseudonym.prefix(64)) is no pseudonym")
        }
        _ = try mapKey(period)
        let row = try await read { database in
            try Data.fetchOne(
                database,
                sql: "SELECT sealed FROM person WHERE pseudonym = ?",
                arguments: [pseudonym]
            )
        }
        guard let row else { throw IdentityError(.unknown, "nobody has the pseudonym \(pseudonym)") }
        return (period, try unseal(SealedName.self, Array(row), period, row: pseudonym))
    }
}
