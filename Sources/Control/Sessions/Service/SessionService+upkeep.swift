// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what time does to tickets and sessions. Called every few seconds; each step stands alone.

internal import AuditEvents
internal import DaemonMessages
internal import Logging

extension SessionService {
    /// How long a running session may be without a gate: a gate reconnects within 2 s, and may be restarted.
    static let orphanMilliseconds: UInt64 = 10_000
    /// How long a grant may be without a word of the gate; it tries a desktop for 10 s.
    static let openingMilliseconds: UInt64 = 60_000
    /// The gate ends sessions at their limit by itself; this long later the control plane insists.
    static let limitSlackSeconds: UInt64 = 30
    /// Ended tickets answer "no longer valid" rather than "unknown" for a day.
    static let ticketKeepMilliseconds: UInt64 = 86_400_000
    /// Reasons are kept as long as the log they belong to (BSI minimum standard: 90 days).
    static let reasonKeepMilliseconds: UInt64 = 90 * 86_400_000
    private static let purgeEveryMilliseconds: UInt64 = 3_600_000
    /// How often every running session is looked at; a county's are 2,500.
    private static let checkEveryMilliseconds: UInt64 = 15_000

    /// Does everything that is due.
    package func tick() async {
        await attempt("tickets not lapsed") { try await self.lapse() }
        await refreshSomeGroups()
        await attempt("running sessions not checked") { try await self.checkRunning() }
        await attempt("web sessions not expired") { try await self.expireWebSessions() }
        await revokeLate()
        await recordFaults()
        await attempt("old records not purged") { try await self.purge() }
    }

    private func attempt(_ failure: String, _ step: () async throws -> Void) async {
        do {
            try await step()
        } catch {
            parts.logger.error("\(failure): \(error)")
        }
    }

    /// Unused tickets whose minutes are over; broken lines whose grace is over.
    private func lapse() async throws {
        let now = parts.now()
        for ticket in try await parts.tickets.lapsed(at: now) {
            let wasInterrupted = ticket.standing.state == .interrupted
            let changed = try await amend(ticket.hash) { ticket in
                // It may have been used since it was listed.
                switch ticket.standing.state {
                case .issued where ticket.expiresAt <= now: break
                case .interrupted where (ticket.session?.graceUntil ?? 0) <= now: break
                default: return false
                }
                return ticket.standing.receive(.lapsed) == .changes
            }
            guard wasInterrupted, let changed else { continue }
            await note(end(of: changed, reason: "grace-over", traffic: nil))
        }
    }

    private func checkRunning() async throws {
        let now = parts.now()
        let generation = holder.current.generation
        // New rules hold for running sessions at once, and nobody stays longer than the hours allow.
        guard
            checkedAt + Self.checkEveryMilliseconds <= now || !orphanedAt.isEmpty || checkDueAt <= now
                || generation != checkedGeneration
        else { return }
        checkedAt = now
        checkDueAt = .max
        var people: [String: SignedInPerson] = [:]
        var done = Set(orphanedAt.keys).union(terminations.keys).union(watches.keys)
        for ticket in try await parts.tickets.live() {
            guard let session = ticket.session, let id = session.identifier else { continue }
            guard ticket.standing.state != .interrupted else { continue }
            done.remove(session.id)
            people[ticket.person.user] = ticket.person
            try await keepWebSession(of: ticket, now)
            if owners[session.id] == nil {
                let since = orphanedAt[session.id] ?? now
                orphanedAt[session.id] = since
                if since + Self.orphanMilliseconds <= now { await interrupt(ticket) }
            } else if ticket.standing.state == .opened, session.grantedAt + Self.openingMilliseconds <= now {
                await giveUp(ticket, id)
            } else {
                await checkAccess(ticket, session, id, now)
            }
        }
        for session in done {
            orphanedAt[session] = nil
            terminations[session] = nil
            watches[session] = nil
        }
        atWork = people
        checkedGeneration = generation
    }

    /// The gate never said what became of a grant: it may not have been listening any more when it came.
    private func giveUp(_ ticket: TicketRecord, _ id: SessionID) async {
        _ = tellOwner(of: id.bytes, .terminate(id, reason: .sessionLimit))
        owners[id.bytes] = nil
        await interrupt(ticket)
    }

    /// Somebody who works at a desktop does not leave the portal idle.
    private func keepWebSession(of ticket: TicketRecord, _ now: UInt64) async throws {
        guard let web = ticket.web else { return }
        // Each touch costs a sync; four within the idle time are enough.
        let pause = holder.current.rules.webIdleMilliseconds / 4
        guard (touchedAt[web] ?? 0) + pause <= now else { return }
        touchedAt[web] = now
        try await parts.webSessions.touch(web, at: now)
    }

    private func expireWebSessions() async throws {
        let rules = holder.current.rules
        let now = parts.now()
        let expired = try await parts.webSessions.removeExpired(
            lastUsedBefore: now - min(now, rules.webIdleMilliseconds),
            begunBefore: now - min(now, rules.webLongestMilliseconds)
        )
        for web in expired { await signedOut(web.person, web: web.id, client: nil) }
    }

    /// Tickets whose web session ended while the store could not be written.
    private func revokeLate() async {
        for (web, ended) in endedWebs where !ended.revoked { await revokeTickets(of: web) }
    }

    private func purge() async throws {
        let now = parts.now()
        guard purgedAt + Self.purgeEveryMilliseconds <= now else { return }
        purgedAt = now
        let rules = holder.current.rules
        try await parts.tickets.purge(endedBefore: now - min(now, Self.ticketKeepMilliseconds))
        try await parts.reasons.purge(before: now - min(now, Self.reasonKeepMilliseconds))
        forgetGroups(now)
        touchedAt = touchedAt.filter { now < $0.value + rules.webIdleMilliseconds }
        endedWebs = endedWebs.filter { !$0.value.revoked || now < $0.value.at + Self.purgeEveryMilliseconds }
    }
}
