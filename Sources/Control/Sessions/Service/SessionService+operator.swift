// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the people who run the gateway may see and do.

internal import AuditEvents
package import DaemonMessages

/// A session as an operator sees it.
package struct SessionOverview: Sendable, Hashable {
    /// 32 hexadecimal digits.
    package let session: String
    package let user: String
    package let municipality: String
    package let desktop: String
    package let way: OpeningKind
    package let state: TicketState
    /// It runs on, but cannot be resumed.
    package let revoked: Bool
    /// Milliseconds since 1970.
    package let openedAt: UInt64
    package let source: String
    package let transport: String
    package let connectedTo: String
    /// A connected gate carries it.
    package let hasGate: Bool
}

/// The service at a glance.
package struct ServiceOverview: Sendable, Hashable {
    /// Software versions of the connected gates.
    package let gates: [String]
    package let sessions: [TicketState: Int]
    package let configurationVersion: String
    /// Names the set of rules in force.
    package let policyVersion: String
    package let desktops: Int
}

/// What became of an operator's request.
package enum OperatorOutcome: Sendable, Hashable {
    case done
    /// No such session, or it has ended.
    case noSuchSession
    /// The session runs, but no connected gate carries it at the moment; it ends when its gate is back.
    case noGate
}

extension SessionService {
    package func overview() async throws -> ServiceOverview {
        let live = try await parts.tickets.live()
        let inForce = holder.current
        return ServiceOverview(
            gates: gates.values.map(\.version).sorted(),
            sessions: Dictionary(grouping: live, by: \.standing.state).mapValues(\.count),
            configurationVersion: inForce.rules.version,
            policyVersion: inForce.decider.version,
            desktops: inForce.rules.directory.desktops.count
        )
    }

    /// Running and interrupted sessions, oldest first.
    package func sessions() async throws -> [SessionOverview] {
        try await parts.tickets.live().compactMap(overview(of:)).sorted { left, right in
            (left.openedAt, left.session) < (right.openedAt, right.session)
        }
    }

    /// Ends a session for good.
    ///
    /// It is ended even if that cannot be recorded: stopping is the safe side.
    package func terminate(_ session: SessionID, by actor: ActingOperator) async throws -> OperatorOutcome {
        guard let found = try await liveTicket(session) else { return .noSuchSession }
        let changed = try await amend(found.hash) { $0.standing.receive(.revoked) == .changes }
        await note(action("terminate", found, by: actor, detail: ""))
        if let changed, changed.standing.state == .ended {
            await note(end(of: changed, reason: "terminated-by-operator", traffic: nil))
            return .done
        }
        // A gate that is away now is told when it is back.
        terminations[session.bytes] = .operatorRequest
        let told = tellOwner(of: session.bytes, .terminate(session, reason: .operatorRequest))
        return told ? .done : .noGate
    }

    /// Shows a text to the person; only if it can be recorded that it was shown.
    package func message(
        _ session: SessionID,
        text: String,
        by actor: ActingOperator
    ) async throws -> OperatorOutcome {
        guard let found = try await liveTicket(session) else { return .noSuchSession }
        // The text may name people, so only its length is recorded.
        let detail = "\(text.utf8.count) bytes"
        _ = try await parts.audit.append(action("message", found, by: actor, detail: detail))
        return tellOwner(of: session.bytes, .serviceMessage(session, text: text)) ? .done : .noGate
    }

    /// Asks the client to prove itself again.
    package func reauthenticate(
        _ session: SessionID,
        withinSeconds seconds: UInt32,
        by actor: ActingOperator
    ) async throws -> OperatorOutcome {
        guard let found = try await liveTicket(session) else { return .noSuchSession }
        _ = try await parts.audit.append(
            action("reauthenticate", found, by: actor, detail: "within \(seconds) s")
        )
        let told = tellOwner(of: session.bytes, .reauthenticate(session, withinSeconds: seconds))
        return told ? .done : .noGate
    }

    /// Why somebody was refused; the look-up itself is recorded first, because the answer names a person.
    package func why(_ reference: String, by actor: ActingOperator) async throws -> ReasonRecord? {
        guard let reference = ReasonReference.normalised(reference) else { return nil }
        _ = try await parts.audit.append(.referenceLookedUp(actor.subject, reference: reference))
        return try await parts.reasons.reason(reference)
    }

    // MARK: Parts

    private func liveTicket(_ session: SessionID) async throws -> TicketRecord? {
        let found = try await parts.tickets.ticket(session: session.bytes)
        return found.flatMap { $0.standing.isLive ? $0 : nil }
    }

    private func action(
        _ name: String,
        _ ticket: TicketRecord,
        by actor: ActingOperator,
        detail: String
    ) -> AuditEvent {
        var subject = actor.subject
        subject.correlation = ticket.session?.correlation
        subject.session = ticket.session.map { AuditHex.text($0.id) }
        subject.municipality = desktop(of: ticket)?.municipality
        return .operatorAction(subject, action: name, desktop: place(ticket), detail: detail)
    }

    private func overview(of ticket: TicketRecord) -> SessionOverview? {
        guard let session = ticket.session else { return nil }
        return SessionOverview(
            session: AuditHex.text(session.id),
            user: ticket.person.user,
            municipality: desktop(of: ticket)?.municipality ?? "",
            desktop: ticket.desktop ?? "",
            way: ticket.kind,
            state: ticket.standing.state,
            revoked: ticket.standing.revoked,
            openedAt: session.openedAt,
            source: session.source,
            transport: session.transport,
            connectedTo: session.connectedTo,
            hasGate: owners[session.id] != nil
        )
    }
}
