// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the catalogue's family 1, who signed in and out.

extension AuditKind {
    /// Family 1, nil for every other.
    var signInDefinition: AuditDefinition? {
        switch self {
        case .signInSucceeded:
            .init(
                "sign-in.succeeded",
                "Anmeldung gelungen",
                "PAM and the rules let a person in.",
                .signIn,
                .accessControl,
                .access,
                .success,
                .info,
                .who,
                .wire,
                [.webSession, .factors]
            )
        case .signInFailed:
            .init(
                "sign-in.failed",
                "Anmeldung fehlgeschlagen",
                "PAM did not let someone in; the actor is named only when such a user exists.",
                .signIn,
                .attackDetection,
                .security,
                .failure,
                .warning,
                .who,
                .wire,
                .why
            )
        case .passwordChanged:
            .init(
                "password.changed",
                "Kennwort geändert",
                "An expired password was changed during the sign-in.",
                .signIn,
                .attackDetection,
                .security,
                .success,
                .notice,
                .who,
                .wire
            )
        case .signInBlocked:
            .init(
                "sign-in.blocked",
                "Anmeldung gesperrt",
                "Too many tries: this one was not even looked at.",
                .signIn,
                .attackDetection,
                .security,
                .refused,
                .warning,
                .who,
                .wire,
                .why
            )
        case .signedOut:
            .init(
                "sign-out",
                "Abmeldung",
                "A web session ended, by its person or by time.",
                .signIn,
                .accessControl,
                .access,
                .success,
                .info,
                .who,
                [.webSession, .reason]
            )
        default: nil
        }
    }
}
