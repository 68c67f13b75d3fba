// SPDX-License-Identifier: EUPL-1.2
// Torhaus: events of families 3 and 8, the life of a session and what looks wrong about it.

extension AuditEvent {
    /// A session may begin: recorded before the gate learns where the desktop is.
    package static func sessionOpened(
        _ subject: AuditSubject,
        desktop: AuditDesktop,
        target: String,
        way: String,
        ticketHash: [UInt8],
        rule: String,
        policyVersion: String,
        obligations: [String],
        connection: AuditConnection
    ) -> AuditEvent {
        AuditEvent(
            .sessionOpened,
            subject.values(
                connection.fields + desktop.fields + [
                    .target: .nonEmpty(target),
                    .way: .nonEmpty(way),
                    .ticket: .ticketPrefix(ticketHash),
                    .rule: .nonEmpty(rule),
                    .policyVersion: .nonEmpty(policyVersion),
                    .obligations: .list(obligations),
                ]
            )
        )
    }

    /// A session goes on after a broken line, or after the control plane was away.
    package static func sessionResumed(
        _ subject: AuditSubject,
        desktop: AuditDesktop,
        ticketHash: [UInt8],
        reason: AuditReason,
        connection: AuditConnection?
    ) -> AuditEvent {
        AuditEvent(
            .sessionResumed,
            subject.values(
                (connection?.fields ?? [:]) + desktop.fields + reason.fields
                    + [.ticket: .ticketPrefix(ticketHash)]
            )
        )
    }

    /// The desktop answered.
    package static func sessionConnected(
        _ subject: AuditSubject,
        desktop: AuditDesktop,
        target: String
    ) -> AuditEvent {
        AuditEvent(
            .sessionConnected,
            subject.values(desktop.fields + [.target: .nonEmpty(target)])
        )
    }

    /// The desktop did not answer.
    package static func desktopUnreachable(_ subject: AuditSubject, desktop: AuditDesktop) -> AuditEvent {
        AuditEvent(
            .desktopUnreachable,
            subject.values(desktop.fields)
        )
    }

    /// One connection of a session ended and may be resumed, or was replaced by the next.
    package static func sessionInterrupted(
        _ subject: AuditSubject,
        desktop: AuditDesktop,
        reason: AuditReason,
        traffic: AuditTraffic?
    ) -> AuditEvent {
        AuditEvent(
            .sessionInterrupted,
            subject.values(desktop.fields + reason.fields + (traffic?.fields ?? [:]))
        )
    }

    /// A session ended for good.
    package static func sessionEnded(
        _ subject: AuditSubject,
        desktop: AuditDesktop,
        reason: AuditReason,
        traffic: AuditTraffic?
    ) -> AuditEvent {
        AuditEvent(
            .sessionEnded,
            subject.values(desktop.fields + reason.fields + (traffic?.fields ?? [:]))
        )
    }

    /// The same ticket was shown while its session's line still answers.
    package static func parallelUse(
        _ subject: AuditSubject,
        desktop: AuditDesktop,
        ticketHash: [UInt8],
        reason: AuditReason,
        connection: AuditConnection
    ) -> AuditEvent {
        AuditEvent(
            .parallelUse,
            subject.values(
                connection.fields + desktop.fields + reason.fields + [.ticket: .ticketPrefix(ticketHash)]
            )
        )
    }
}

/// What one connection of a session carried.
package struct AuditTraffic: Sendable, Hashable {
    package var bytesToClient: UInt64
    package var bytesToDesktop: UInt64
    package var milliseconds: UInt64
    /// Milliseconds since 1970, by the gate's clock.
    package var endedAt: UInt64

    package init(bytesToClient: UInt64, bytesToDesktop: UInt64, milliseconds: UInt64, endedAt: UInt64) {
        self.bytesToClient = bytesToClient
        self.bytesToDesktop = bytesToDesktop
        self.milliseconds = milliseconds
        self.endedAt = endedAt
    }

    var fields: [AuditKey: AuditEvent.Value?] {
        [
            .bytesToClient: .count(bytesToClient),
            .bytesToDesktop: .count(bytesToDesktop),
            .duration: .count(milliseconds),
            .ended: .text(AuditTime.text(endedAt)),
        ]
    }
}
