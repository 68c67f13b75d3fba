// SPDX-License-Identifier: EUPL-1.2
// Torhaus: events of family 1, who signed in and out.

extension AuditEvent {
    /// PAM let a person in, and so did the rules.
    package static func signInSucceeded(
        _ subject: AuditSubject,
        factors: [String],
        webSession: String,
        connection: AuditConnection
    ) -> AuditEvent {
        AuditEvent(
            .signInSucceeded,
            subject.values(
                connection.fields + [.factors: .list(factors), .webSession: .nonEmpty(webSession)]
            )
        )
    }

    /// PAM did not let someone in.
    ///
    /// The subject names an actor only when the name is a known user's: people type passwords into the
    /// wrong field.
    package static func signInFailed(
        _ subject: AuditSubject,
        reason: AuditReason,
        connection: AuditConnection
    ) -> AuditEvent {
        AuditEvent(
            .signInFailed,
            subject.values(connection.fields + reason.fields)
        )
    }

    /// An expired password was changed on the way in.
    package static func passwordChanged(
        _ subject: AuditSubject,
        connection: AuditConnection
    ) -> AuditEvent {
        AuditEvent(.passwordChanged, subject.values(connection.fields))
    }

    /// Too many tries: this one was not even looked at.
    package static func signInBlocked(
        _ subject: AuditSubject,
        reason: AuditReason,
        connection: AuditConnection
    ) -> AuditEvent {
        AuditEvent(
            .signInBlocked,
            subject.values(connection.fields + reason.fields)
        )
    }

    /// The end of a web session; the reason is `signed-out` or `expired`.
    package static func signedOut(
        _ subject: AuditSubject,
        reason: AuditReason,
        webSession: String
    ) -> AuditEvent {
        AuditEvent(
            .signedOut,
            subject.values(reason.fields + [.webSession: .nonEmpty(webSession)])
        )
    }
}

/// Joins two sets of fields; no event sets one twice, so which side wins does not matter.
func + (
    left: [AuditKey: AuditEvent.Value?],
    right: [AuditKey: AuditEvent.Value?]
) -> [AuditKey: AuditEvent.Value?] {
    left.merging(right) { _, chosen in chosen }
}
