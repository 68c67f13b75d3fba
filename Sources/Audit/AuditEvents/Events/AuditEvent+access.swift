// SPDX-License-Identifier: EUPL-1.2
// Torhaus: events of family 2, what was granted and what was refused.

extension AuditEvent {
    /// What somebody was refused.
    package enum RefusedAction: String, Sendable, Hashable, CaseIterable {
        case signIn = "sign-in"
        case listDesktops = "desktops"
        case issueTicket = "ticket"
        case openTunnel = "tunnel"
        case openSession = "session"

        /// Each has its own kind, so that an analyst can ask for one of them.
        var kind: AuditKind {
            switch self {
            case .signIn: .signInRefused
            case .listDesktops: .listRefused
            case .issueTicket: .ticketRefused
            case .openTunnel: .tunnelRefused
            case .openSession: .sessionRefused
            }
        }
    }

    /// The right to open one session was handed out.
    ///
    /// Of the ticket only the start of its hash is kept.
    package static func ticketIssued(
        _ subject: AuditSubject,
        desktop: AuditDesktop,
        way: String,
        ticketHash: [UInt8],
        webSession: String,
        rule: String,
        policyVersion: String,
        expires: UInt64
    ) -> AuditEvent {
        AuditEvent(
            .ticketIssued,
            subject.values(
                desktop.fields + [
                    .way: .nonEmpty(way),
                    .ticket: .ticketPrefix(ticketHash),
                    .webSession: .nonEmpty(webSession),
                    .rule: .nonEmpty(rule),
                    .policyVersion: .nonEmpty(policyVersion),
                    .expires: .text(AuditTime.text(expires)),
                ]
            )
        )
    }

    /// Something was refused, with the reference the person was shown.
    package static func refused(
        _ action: RefusedAction,
        _ subject: AuditSubject,
        desktop: AuditDesktop?,
        reason: AuditReason,
        ticketHash: [UInt8]?,
        detail: String,
        connection: AuditConnection
    ) -> AuditEvent {
        AuditEvent(
            action.kind,
            subject.values(
                connection.fields + (desktop?.fields ?? [:]) + reason.fields + [
                    .ticket: ticketHash.map { .ticketPrefix($0) },
                    .detail: .nonEmpty(detail),
                ]
            )
        )
    }
}

extension AuditEvent.Value {
    /// 12 hexadecimal digits of the ticket's SHA-256: enough to follow it, too little to guess it by.
    static func ticketPrefix(_ hash: [UInt8]) -> AuditEvent.Value {
        .text(AuditHex.text(hash.prefix(6)))
    }
}
