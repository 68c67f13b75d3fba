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
        do {
            // One read for all: a county's gate names 2,500 sessions, and its questions wait behind this.
            let live = try await parts.tickets.live()
            let known = Dictionary(live.map { ($0.session?.id ?? [], $0) }) { first, _ in first }
            for session in hello.liveSessions {
                if try await !adopt(session, known[session.bytes], gate) {
                    send(.terminate(session, reason: .accessWithdrawn))
                }
            }
        } catch {
            // Without an owner the upkeep looks after them; the gate's next hello may do better.
            parts.logger.error("sessions of a gate not taken over: \(error)")
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
    private func adopt(_ session: SessionID, _ known: TicketRecord?, _ gate: GateID) async throws -> Bool {
        guard let known, owners[session.bytes] ?? gate == gate else { return false }
        if known.standing.revoked, known.kind == .browser { return false }
        owners[session.bytes] = gate
        orphanedAt[session.bytes] = nil
        if known.standing.state == .connected, 0 < known.session?.connections ?? 0 { return true }

        let changed = try await amend(known.hash) { ticket in
            guard ticket.standing.isLive else { return false }
            let connections = max(1, ticket.session?.connections ?? 1)
            _ = ticket.standing.receive(.alive)
            ticket.session?.connections = connections
            ticket.session?.graceUntil = nil
            return true
        }
        guard let changed else {
            // It ended while we looked.
            owners[session.bytes] = nil
            return false
        }
        if known.standing.state == .interrupted {
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
        return true
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
