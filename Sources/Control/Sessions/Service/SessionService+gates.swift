// SPDX-License-Identifier: EUPL-1.2
// Torhaus: gates come and go; their sessions do not end because the control plane was away.

internal import AuditEvents
package import DaemonMessages
internal import Logging

extension SessionService: GateSide {
    package func gateConnected(
        _ gate: GateID,
        hello: GateHello,
        send: @escaping @Sendable (ControlToGate) -> Void
    ) async {
        gates[gate] = GateLine(version: hello.version, send: send)
        await note(.gateConnected(version: hello.version, sessions: hello.liveSessions.count))
        for session in hello.liveSessions {
            do {
                if try await !adopt(session, gate) { send(.terminate(session, reason: .accessWithdrawn)) }
            } catch {
                // Without an owner the upkeep looks after it; the gate's next hello may do better.
                parts.logger.error("session of a gate not taken over: \(error)")
            }
        }
        await interruptMissing()
    }

    package func gateLost(_ gate: GateID, reason: String) async {
        guard let line = gates.removeValue(forKey: gate) else { return }
        let now = parts.now()
        for (session, owner) in owners where owner == gate {
            owners[session] = nil
            orphanedAt[session] = now
        }
        await note(.gateLost(version: line.version, reason: AuditReason(code: reason)))
    }

    package func incident(_ message: GateIncident) async {
        let subject = AuditSubject(
            correlation: AuditHex.text(message.correlation.bytes),
            source: message.address.text,
            sourcePort: message.address.port
        )
        let reason = AuditReason(code: message.kind.word)
        await note(.gateIncident(subject, reason: reason, count: message.count, detail: message.detail))
    }

    package func overloaded(_ client: ClientContext) async -> Refusal {
        let denied = Denied(.unavailable("too many questions from one gate at a time"))
        return await refuse(denied, .openSession, client: client).forGate
    }

    // MARK: Taking sessions over

    /// Believes a gate that it carries a session; false when the session is over or another gate's.
    private func adopt(_ session: SessionID, _ gate: GateID) async throws -> Bool {
        guard let found = try await parts.tickets.ticket(session: session.bytes) else { return false }
        if let owner = owners[session.bytes], owner != gate { return false }
        guard found.standing.isLive else { return false }
        let wasInterrupted = found.standing.state == .interrupted
        let changed = try await amend(found.hash) { ticket in
            guard ticket.standing.isLive else { return false }
            let effect = ticket.standing.receive(.alive)
            let connections = max(1, ticket.session?.connections ?? 1)
            guard effect == .changes || connections != ticket.session?.connections else { return false }
            ticket.session?.connections = connections
            ticket.session?.graceUntil = nil
            return true
        }
        let newest = try await parts.tickets.ticket(hash: found.hash)
        guard let newest, newest.standing.isLive, owners[session.bytes] ?? gate == gate else { return false }
        owners[session.bytes] = gate
        orphanedAt[session.bytes] = nil
        if wasInterrupted, let changed {
            await note(
                .sessionResumed(
                    subject(person: nil, client: nil, ticket: changed),
                    desktop: place(changed),
                    ticketHash: changed.hash,
                    reason: AuditReason(code: "gate-returned"),
                    connection: nil
                )
            )
        }
        return !(newest.standing.revoked && newest.kind == .browser)
    }

    /// Sessions that should run and that no connected gate has: their gate was restarted.
    private func interruptMissing() async {
        do {
            for ticket in try await parts.tickets.live() {
                guard let session = ticket.session, owners[session.id] == nil else { continue }
                await interrupt(ticket)
            }
        } catch {
            parts.logger.error("sessions not compared with the gate's: \(error)")
        }
    }

    /// The session lost its gate; its grace begins.
    func interrupt(_ ticket: TicketRecord) async {
        let now = parts.now()
        let grace = holder.current.rules.graceMilliseconds
        do {
            let changed = try await amend(ticket.hash) { ticket in
                guard let session = ticket.session, owners[session.id] == nil,
                    ticket.standing.receive(.lineBroken) == .changes
                else { return false }
                ticket.session?.connections = 0
                ticket.session?.graceUntil = now + grace
                return true
            }
            guard let changed, let session = changed.session else { return }
            orphanedAt[session.id] = nil
            await note(end(of: changed, reason: "gate-lost", traffic: nil))
        } catch {
            parts.logger.error("session without a gate not interrupted: \(error)")
        }
    }
}

extension GateIncidentKind {
    /// As records show it.
    var word: String {
        switch self {
        case .handshakeRefused: "handshake-refused"
        case .unknownServerName: "unknown-server-name"
        case .clientCertificateRejected: "client-certificate-rejected"
        case .malformedRequest: "malformed-request"
        case .oversizeRequest: "oversize-request"
        case .slowRequest: "slow-request"
        case .addressLimit: "address-limit"
        case .protocolViolation: "protocol-violation"
        case .foreignOrigin: "foreign-origin"
        }
    }
}
