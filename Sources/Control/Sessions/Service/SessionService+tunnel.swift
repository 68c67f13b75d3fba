// SPDX-License-Identifier: EUPL-1.2
// Torhaus: may this client build a tunnel? Asked before it names a desktop.

internal import AuditEvents
package import DaemonMessages

extension SessionService {
    package func authorizeTunnel(_ request: AuthorizeTunnel) async -> GateAnswer<TunnelGrant> {
        do {
            let (text, ticket) = try await ticket(for: request)
            switch request.purpose {
            case .openSession: return .granted(try tunnel(text, ticket, request.client))
            case .reauthenticate(let session):
                return .granted(try reauthenticated(text, ticket, session, request.client))
            }
        } catch {
            return .refused(await refuse(error, .openTunnel, client: request.client).forGate)
        }
    }

    // MARK: Which ticket

    private func ticket(for request: AuthorizeTunnel) async throws -> (text: [UInt8], ticket: TicketRecord) {
        switch request.credential {
        case .ticket(let text):
            guard let hash = TicketText.hash(text, parts.sha256) else { throw Denied(.ticketMalformed) }
            guard let ticket = try await parts.tickets.ticket(hash: hash) else {
                throw Denied(.ticketUnknown)
            }
            return (text, ticket)
        case .basic(let user, let secret):
            guard holder.current.rules.basic else { throw Denied(.credentialsWrong) }
            if let hash = TicketText.hash(secret, parts.sha256),
                let ticket = try await parts.tickets.ticket(hash: hash),
                ticket.person.user == user
            {
                return (secret, ticket)
            }
            return try await ticket(user, secret, request)
        }
    }

    /// Signs a person in with Basic credentials and makes her a ticket that is not bound to one desktop.
    private func ticket(
        _ user: String,
        _ secret: [UInt8],
        _ request: AuthorizeTunnel
    ) async throws -> (text: [UInt8], ticket: TicketRecord) {
        let client = request.client
        let outcome = await parts.basicSignIn?(user, secret, client) ?? BasicOutcome()
        if let changed = outcome.changed { await passwordChanged(changed, client: client) }
        guard let person = outcome.person else { throw Denied(.credentialsWrong, claimedUser: user) }
        if case .reauthenticate(let session) = request.purpose {
            // The proof is for a session that exists; its own ticket goes on.
            guard let ticket = try await parts.tickets.ticket(session: session.bytes),
                ticket.person.user == person.user
            else { throw Denied(.reauthenticationFailed) }
            return ([], ticket)
        }
        let access = try decide(.signIn, person, nil, AccessClient(client))
        _ = try await parts.audit.append(
            .signInSucceeded(
                subject(person: person, client: client),
                factors: person.factors,
                webSession: "",
                connection: Self.connection(client)
            )
        )
        guard try await parts.tickets.unused(user: person.user) < Self.unusedTicketsPerPerson else {
            throw Denied(.tooManyTickets)
        }
        let (text, ticket) = try makeTicket(person, web: nil, desktop: nil, kind: .client, client: client)
        try await parts.tickets.insert(ticket)
        _ = try await parts.audit.append(
            .ticketIssued(
                subject(person: person, client: client, ticket: ticket),
                desktop: AuditDesktop(id: ""),
                way: ticket.kind.rawValue,
                ticketHash: ticket.hash,
                webSession: "",
                rule: access.rule,
                policyVersion: access.policyVersion,
                expires: ticket.expiresAt
            )
        )
        return (Array(text.utf8), ticket)
    }

    // MARK: What it allows

    private func tunnel(
        _ text: [UInt8],
        _ ticket: TicketRecord,
        _ client: ClientContext
    ) throws -> TunnelGrant {
        try checkUsable(ticket, client)
        guard ticket.kind == .client else { throw Denied(.wayNotOffered, ticket: ticket) }
        let obligations = try obligations(ticket, client)
        return TunnelGrant(
            ticket: text,
            redirection: RedirectionFlags.flags(allowed: obligations.redirections),
            idleMinutes: Self.minutes(obligations.idleSeconds),
            consentText: holder.current.rules.consentText
        )
    }

    private func obligations(_ ticket: TicketRecord, _ client: ClientContext) throws -> Obligations {
        let machine = AccessClient(client, way: ticket.kind, ticketDevice: ticket.device)
        if let id = ticket.desktop {
            guard let desktop = desktop(of: ticket) else { throw Denied(.desktopUnknown(id), ticket: ticket) }
            let action: AccessAction = ticket.standing.state == .issued ? .openSession : .resume
            return try decide(action, ticket.person, desktop, machine, ticket: ticket).obligations
        }
        // The desktop is not chosen yet: only what every one of them allows.
        var common: Obligations?
        for desktop in holder.current.rules.directory.desktops {
            let request = request(.openSession, ticket.person, desktop, machine)
            guard holder.current.decider.concerns(request.person, desktop),
                case .allowed(let grant) = ask(request)
            else { continue }
            common = common.map { $0.strictest(grant.obligations) } ?? grant.obligations
        }
        guard let common else { throw Denied(.desktopUnknown(""), ticket: ticket) }
        return common
    }

    private func reauthenticated(
        _ text: [UInt8],
        _ ticket: TicketRecord,
        _ session: SessionID,
        _ client: ClientContext
    ) throws -> TunnelGrant {
        let running = ticket.standing.state == .opened || ticket.standing.state == .connected
        guard running, !ticket.standing.revoked, ticket.session?.id == session.bytes else {
            throw Denied(.reauthenticationFailed, ticket: ticket)
        }
        try checkUsable(ticket, client)
        let machine = AccessClient(client, way: ticket.kind, ticketDevice: ticket.device)
        let obligations = try decide(
            .keepSession,
            ticket.person,
            desktop(of: ticket),
            machine,
            ticket: ticket
        ).obligations
        return TunnelGrant(
            ticket: text,
            redirection: RedirectionFlags.flags(allowed: obligations.redirections),
            idleMinutes: Self.minutes(obligations.idleSeconds)
        )
    }

    /// Rounded up, so that a limit below a minute does not become none.
    private static func minutes(_ seconds: UInt32) -> UInt32 { seconds / 60 + (seconds % 60 == 0 ? 0 : 1) }
}
