// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one ticket opens one session, once; and resumes it, while that is allowed.

internal import AuditEvents
package import DaemonMessages
internal import Logging

/// What a ticket that may be used will become.
struct OpeningPlan {
    let before: TicketRecord
    let after: TicketRecord
    let session: SessionRecord
    let identifier: SessionID
    let resumes: Bool
    let desktop: DesktopEntry
    let endpoint: DesktopEndpoint
    let access: AccessGrant
    /// 0 for none.
    let remainingSeconds: UInt32
}

extension SessionService {
    package func openSession(
        _ request: OpenSession,
        from gate: GateID
    ) async -> GateAnswer<SessionGrant> {
        do {
            return .granted(try await open(request, gate))
        } catch {
            return .refused(await refuse(error, .openSession, client: request.client).forGate)
        }
    }

    private func open(_ request: OpenSession, _ gate: GateID) async throws -> SessionGrant {
        guard let hash = TicketText.hash(request.ticket, parts.sha256) else { throw Denied(.ticketMalformed) }
        for _ in 0..<Self.attempts {
            guard let ticket = try await parts.tickets.ticket(hash: hash) else {
                throw Denied(.ticketUnknown)
            }
            let plan = try plan(ticket, request)
            let limit = holder.current.rules.sessionsPerPerson
            switch try await parts.tickets.claim(plan.after, sessionsPerPerson: limit) {
            case .claimed: return try await grant(plan, request, gate)
            case .tooManySessions: throw Denied(.tooManySessions, ticket: ticket, desktop: plan.desktop)
            // Somebody else used or changed the ticket at this moment: look at it anew.
            case .conflict: continue
            }
        }
        throw SessionError.contended
    }

    // MARK: Deciding

    /// Checks everything about a ticket that was shown, without changing anything.
    private func plan(_ ticket: TicketRecord, _ request: OpenSession) throws -> OpeningPlan {
        let now = parts.now()
        try checkUsable(ticket, request.client)
        guard ticket.kind.fits(request) else { throw Denied(.wayNotOffered, ticket: ticket) }
        let desktop = try desktop(for: ticket, request)

        var after = ticket
        let effect = present(request.predecessor, to: &after)
        if case .refused(let code) = effect {
            let denial: AccessDenial = code == .alreadyConnected ? .alreadyConnected : .ticketEnded
            throw Denied(denial, ticket: ticket, desktop: desktop)
        }
        let resumes = effect == .resumes
        let client = AccessClient(request.client, way: ticket.kind, ticketDevice: ticket.device)
        let access = try decide(
            resumes ? .resume : .openSession,
            ticket.person,
            desktop,
            client,
            ticket: ticket
        )
        guard let endpoint = desktop.endpoint(request.desktopProtocol) else {
            throw Denied(.wayNotOffered, ticket: ticket, desktop: desktop)
        }
        var session = try after.session ?? newSession(request.client, client, now)
        guard let identifier = session.identifier else { throw SessionError.noRandomness }
        let remaining = Self.remaining(access.obligations.longestSeconds, since: session.openedAt, now: now)
        guard let remaining else { throw Denied(.sessionLimitReached, ticket: ticket, desktop: desktop) }
        if resumes {
            session.grants += 1
            session.grantedAt = now
            session.connections += 1
            session.correlation = AuditHex.text(request.client.correlation.bytes)
            session.source = request.client.address.text
            session.transport = request.client.transport.word
            session.client = client
            session.graceUntil = nil
        }
        after.session = session
        after.desktop = desktop.id
        return OpeningPlan(
            before: ticket,
            after: after,
            session: session,
            identifier: identifier,
            resumes: resumes,
            desktop: desktop,
            endpoint: endpoint,
            access: access,
            remainingSeconds: remaining
        )
    }

    /// Refuses tickets that nobody may use any more, and those from another network.
    func checkUsable(_ ticket: TicketRecord, _ client: ClientContext) throws {
        let now = parts.now()
        let revokedByWeb = ticket.web.map { endedWebs[$0] != nil } ?? false
        switch ticket.standing.state {
        case .ended: throw Denied(.ticketEnded, ticket: ticket)
        case _ where ticket.standing.revoked || revokedByWeb: throw Denied(.ticketRevoked, ticket: ticket)
        case .issued where ticket.expiresAt <= now: throw Denied(.ticketExpired, ticket: ticket)
        case .interrupted where (ticket.session?.graceUntil ?? 0) <= now:
            throw Denied(.graceOver, ticket: ticket)
        case .issued, .opened, .connected, .interrupted: break
        }
        let binding = holder.current.rules.binding
        guard binding.allows(issuedTo: ticket.network, usedFrom: client.address.bytes) else {
            let issued = ClientAddress(bytes: ticket.network, port: 0)?.text ?? ""
            throw Denied(.wrongNetwork(issued: issued, used: client.address.text), ticket: ticket)
        }
    }

    /// Shows the ticket to the table.
    ///
    /// A session whose gate is gone has no line that could still answer.
    private func present(_ predecessor: Predecessor, to ticket: inout TicketRecord) -> TicketEffect {
        let running = ticket.standing.state == .opened || ticket.standing.state == .connected
        if running, let session = ticket.session, owners[session.id] == nil {
            _ = ticket.standing.receive(.lineBroken)
            ticket.session?.connections = 0
        }
        return ticket.standing.receive(.presented(predecessor))
    }

    private func newSession(
        _ client: ClientContext,
        _ machine: AccessClient,
        _ now: UInt64
    ) throws -> SessionRecord {
        SessionRecord(
            id: parts.random.bytes(16),
            openedAt: now,
            correlation: AuditHex.text(client.correlation.bytes),
            source: client.address.text,
            transport: client.transport.word,
            client: machine
        )
    }

    /// The desktop the ticket is for, if that is the one the client asks for.
    private func desktop(for ticket: TicketRecord, _ request: OpenSession) throws -> DesktopEntry {
        let directory = holder.current.rules.directory
        let wanted = request.requestedNames.first ?? ""
        func isMeant(_ desktop: DesktopEntry) -> Bool {
            request.requestedNames.contains { desktop.isMeant(by: $0, port: request.requestedPort) }
        }
        if let id = ticket.desktop {
            guard let desktop = directory.desktop(id) else {
                throw Denied(.desktopUnknown(id), ticket: ticket)
            }
            guard request.desktopProtocol == .vnc || isMeant(desktop) else {
                let asked = "\(wanted):\(request.requestedPort)"
                throw Denied(.otherDesktop(wanted: asked, ticket: id), ticket: ticket, desktop: desktop)
            }
            return desktop
        }
        let (decider, person) = (holder.current.decider, current(ticket.person))
        // A ticket made by Basic credentials: the name chooses among the desktops this person may open.
        let named = directory.desktops.filter {
            isMeant($0) && decider.concerns(person, $0)
        }
        guard let desktop = named.first else { throw Denied(.desktopUnknown(wanted), ticket: ticket) }
        guard named.count == 1 else { throw Denied(.desktopAmbiguous(wanted), ticket: ticket) }
        return desktop
    }

    /// Seconds until the absolute limit, 0 for no limit, nil when it has passed.
    private static func remaining(_ longest: UInt32, since openedAt: UInt64, now: UInt64) -> UInt32? {
        guard 0 < longest else { return 0 }
        let elapsed = now < openedAt ? 0 : (now - openedAt) / 1000
        guard elapsed < UInt64(longest) else { return nil }
        return longest - UInt32(elapsed)
    }

    // MARK: Granting

    /// The ticket is ours now: record it, look again, and tell the gate.
    private func grant(
        _ plan: OpeningPlan,
        _ request: OpenSession,
        _ gate: GateID
    ) async throws -> SessionGrant {
        let previousOwner = owners.updateValue(gate, forKey: plan.session.id)
        orphanedAt[plan.session.id] = nil
        do {
            _ = try await parts.audit.append(event(plan, request))
            // While the record was written the person may have signed out, or an operator may have acted.
            let seen = try await parts.tickets.ticket(hash: plan.before.hash)
            guard let seen, seen.standing.state == .opened, seen.session?.grants == plan.session.grants,
                !seen.standing.revoked, seen.web.map({ endedWebs[$0] == nil }) ?? true
            else { throw Denied(.ticketRevoked, ticket: plan.after, desktop: plan.desktop) }
        } catch {
            await undo(plan, previousOwner)
            throw (error as? AuditFailure).map { failure in
                Denied(.unavailable("audit: \(failure.reason)"), ticket: plan.before, desktop: plan.desktop)
            } ?? error
        }
        return SessionGrant(
            session: plan.identifier,
            endpoints: [plan.endpoint],
            idleSeconds: plan.access.obligations.idleSeconds,
            remainingSeconds: plan.remainingSeconds,
            reauthenticateSeconds: plan.access.obligations.reauthenticateSeconds,
            resumes: plan.resumes
        )
    }

    private func event(_ plan: OpeningPlan, _ request: OpenSession) -> AuditEvent {
        let who = subject(person: nil, client: request.client, ticket: plan.after)
        let desktop = AuditDesktop(id: plan.desktop.id, pool: plan.desktop.pool)
        let connection = Self.connection(request.client)
        if plan.resumes {
            return .sessionResumed(
                who,
                desktop: desktop,
                ticketHash: plan.after.hash,
                reason: AuditReason(
                    code: "reconnect",
                    rule: plan.access.rule,
                    policyVersion: plan.access.policyVersion
                ),
                connection: connection
            )
        }
        return .sessionOpened(
            who,
            desktop: desktop,
            target: "\(plan.endpoint.host):\(plan.endpoint.port)",
            way: plan.after.kind.rawValue,
            ticketHash: plan.after.hash,
            rule: plan.access.rule,
            policyVersion: plan.access.policyVersion,
            obligations: plan.access.obligations.record,
            connection: connection
        )
    }

    /// Gives the ticket back as it was, unless somebody has ended it meanwhile.
    private func undo(_ plan: OpeningPlan, _ previousOwner: GateID?) async {
        do {
            let undone = try await amend(plan.before.hash) { ticket in
                guard ticket.session?.id == plan.session.id, ticket.session?.grants == plan.session.grants,
                    ticket.standing.state == .opened
                else { return false }
                let wasRevoked = ticket.standing.revoked
                ticket.standing = plan.before.standing
                ticket.session = plan.before.session
                ticket.desktop = plan.before.desktop
                if wasRevoked { _ = ticket.standing.receive(.revoked) }
                return true
            }
            if undone != nil { owners[plan.session.id] = previousOwner }
        } catch {
            // No gate learns of the session, so the upkeep will find that nobody carries it.
            owners[plan.session.id] = previousOwner
            parts.logger.error("opening not taken back: \(error)")
        }
    }
}

extension OpeningKind {
    /// Whether a request came in the way the ticket was issued for.
    func fits(_ request: OpenSession) -> Bool {
        switch self {
        case .client: request.desktopProtocol == .rdp && request.client.transport != .browser
        case .browser: request.desktopProtocol == .vnc && request.client.transport == .browser
        }
    }
}
