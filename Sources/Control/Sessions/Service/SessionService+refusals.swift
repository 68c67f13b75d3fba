// SPDX-License-Identifier: EUPL-1.2
// Torhaus: turns a denial into a record, a reference and a sentence.

internal import AuditEvents
internal import DaemonMessages
internal import Logging

/// Ends an attempt; whoever catches it records it.
struct Denied: Error {
    let denial: AccessDenial
    var ticket: TicketRecord?
    var desktop: DesktopEntry?
    /// The name somebody gave whose credentials were wrong.
    var claimedUser: String?
    /// What the rules said, for the look-up.
    var explanation: [String]

    init(
        _ denial: AccessDenial,
        ticket: TicketRecord? = nil,
        desktop: DesktopEntry? = nil,
        claimedUser: String? = nil,
        explanation: [String] = []
    ) {
        self.denial = denial
        self.ticket = ticket
        self.desktop = desktop
        self.claimedUser = claimedUser
        self.explanation = explanation
    }
}

extension SessionService {
    /// A reference that several people cannot have; more collisions than this are not bad luck.
    private static let referenceAttempts = 8

    /// Refuses, whatever was thrown: a fault of ours is a refusal too.
    func refuse(
        _ error: any Error,
        _ action: AuditEvent.RefusedAction,
        person: SignedInPerson? = nil,
        client: ClientContext?,
        ticketHash: [UInt8]? = nil
    ) async -> AccessRefusal {
        let denied = error as? Denied ?? Denied(.unavailable(Self.describe(error)))
        let denial = denied.denial
        let desktop = denied.desktop
        let person = denied.ticket?.person ?? person
        var subject = subject(person: person, client: client, ticket: denied.ticket)
        if let desktop { subject.municipality = desktop.municipality }
        if let user = denied.claimedUser { await name(user, in: &subject) }

        let reference = await keepReason(
            denial,
            action,
            subject: subject,
            desktop: desktop,
            explanation: denied.explanation
        )
        let reason = AuditReason(
            code: denial.reason,
            reference: reference,
            rule: denial.rule,
            policyVersion: denial.policyVersion
        )
        let connection = client.map(Self.connection) ?? AuditConnection()
        let place = desktop.map { AuditDesktop(id: $0.id, pool: $0.pool) }
        if denied.claimedUser != nil {
            await note(.signInFailed(subject, reason: reason, connection: connection))
        } else if denial.code == .alreadyConnected, let ticket = denied.ticket {
            await note(
                .parallelUse(
                    subject,
                    desktop: place ?? AuditDesktop(id: ticket.desktop ?? ""),
                    ticketHash: ticket.hash,
                    reason: reason,
                    connection: connection
                )
            )
        } else {
            await note(
                .refused(
                    action,
                    subject,
                    desktop: place,
                    reason: reason,
                    ticketHash: denied.ticket?.hash ?? ticketHash,
                    detail: denial.detail,
                    connection: connection
                )
            )
        }
        if denial.code == .unavailable {
            parts.logger.error("refused \(action.rawValue) \(reference): \(denial.detail)")
        }
        return AccessRefusal(code: denial.code, reference: reference, text: denial.text)
    }

    /// Keeps the whole reason under a new reference.
    ///
    /// A reason that cannot be kept still gets a reference: the log below has it.
    func keepReason(
        _ denial: AccessDenial,
        _ action: AuditEvent.RefusedAction,
        subject: AuditSubject,
        desktop: DesktopEntry?,
        explanation: [String] = []
    ) async -> String {
        var reference = ""
        for _ in 0..<Self.referenceAttempts {
            reference = ReasonReference.make(parts.random)
            let record = ReasonRecord(
                reference: reference,
                at: parts.now(),
                action: action.rawValue,
                reason: denial.reason,
                rule: denial.rule,
                german: denial.text.german,
                english: denial.text.english,
                detail: denial.detail,
                user: subject.actor ?? "",
                municipality: subject.municipality ?? "",
                desktop: desktop?.id ?? "",
                source: subject.source ?? "",
                correlation: subject.correlation ?? "",
                policyVersion: denial.policyVersion,
                explanation: explanation
            )
            do {
                if try await parts.reasons.insert(record) { return reference }
            } catch {
                parts.logger.error("reason \(reference) (\(denial.reason)) not kept: \(error)")
                return reference
            }
        }
        parts.logger.error("reason \(reference) (\(denial.reason)) not kept: no free reference")
        return reference
    }

    // MARK: Who, for the record

    /// Names a person who is not signed in, if the name is a user's.
    func name(_ user: String, in subject: inout AuditSubject) async {
        guard await parts.knowsUser(user) else { return }
        subject.actor = user
        subject.actorKind = .person
    }

    func subject(
        person: SignedInPerson?,
        client: ClientContext?,
        ticket: TicketRecord? = nil
    ) -> AuditSubject {
        let directory = holder.current.rules.directory
        let person = ticket?.person ?? person
        return AuditSubject(
            correlation: client.map { AuditHex.text($0.correlation.bytes) } ?? ticket?.session?.correlation,
            session: ticket?.session.map { AuditHex.text($0.id) },
            municipality: ticket.flatMap { desktop(of: $0)?.municipality }
                ?? person.flatMap { directory.municipality(of: $0) },
            actor: person?.user,
            actorKind: person == nil ? nil : .person,
            source: client?.address.text ?? ticket?.session?.source,
            sourcePort: client?.address.port
        )
    }

    /// The desktop of a ticket, for the record; it may have left the configuration.
    func place(_ ticket: TicketRecord) -> AuditDesktop {
        AuditDesktop(id: ticket.desktop ?? "", pool: desktop(of: ticket)?.pool ?? "")
    }

    static func connection(_ client: ClientContext) -> AuditConnection {
        let certificate =
            switch client.certificate {
            case .none: "none"
            case .verified(_, let sha256): AuditHex.text(sha256)
            case .failed: "failed"
            }
        return AuditConnection(
            transport: client.transport.word,
            serverName: client.serverName,
            tlsVersion: client.tlsVersion,
            certificate: certificate,
            userAgent: client.userAgent,
            clientName: client.clientName
        )
    }

    private static func describe(_ error: any Error) -> String {
        if let failure = error as? AuditFailure { return "audit: \(failure.reason)" }
        return "\(error)"
    }
}

extension ClientTransport {
    /// As records show it.
    var word: String {
        switch self {
        case .gatewayWebSocket: "gateway-websocket"
        case .gatewayLegacy: "gateway-legacy"
        case .browser: "browser"
        }
    }
}

extension AccessRefusal {
    /// As the gate passes it on; the native client shows one sentence, and the county speaks German.
    var forGate: Refusal { Refusal(code: code, reference: reference, text: text.german) }
}
