// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the catalogue's family 2, what was granted and what was refused.

extension AuditKind {
    /// Family 2, nil for every other.
    var accessDefinition: AuditDefinition? {
        switch self {
        case .ticketIssued:
            .init(
                "ticket.issued",
                "Zugang zu einem Arbeitsplatz ausgestellt",
                "The right to open one session was handed out.",
                .access,
                .accessControl,
                .access,
                .success,
                .info,
                .who,
                .place,
                [.way, .ticket, .webSession, .rule, .policyVersion, .expires]
            )
        case .signInRefused:
            .init(
                "sign-in.refused",
                "Anmeldung nach den Regeln abgelehnt",
                "The credentials were right, the rules said no.",
                .access,
                .attackDetection,
                .security,
                .refused,
                .warning,
                .who,
                .wire,
                .place,
                .why,
                [.ticket, .detail]
            )
        case .listRefused:
            .init(
                "desktops.refused",
                "Liste der Arbeitsplätze abgelehnt",
                "Somebody may no longer see the list of desktops.",
                .access,
                .attackDetection,
                .security,
                .refused,
                .warning,
                .who,
                .wire,
                .place,
                .why,
                [.ticket, .detail]
            )
        case .ticketRefused:
            .init(
                "ticket.refused",
                "Zugang zu einem Arbeitsplatz abgelehnt",
                "No ticket was issued.",
                .access,
                .attackDetection,
                .security,
                .refused,
                .warning,
                .who,
                .wire,
                .place,
                .why,
                [.ticket, .detail]
            )
        case .tunnelRefused:
            .init(
                "tunnel.refused",
                "Verbindung eines Clients abgelehnt",
                "A native client's tunnel was refused.",
                .access,
                .attackDetection,
                .security,
                .refused,
                .warning,
                .who,
                .wire,
                .place,
                .why,
                [.ticket, .detail]
            )
        case .sessionRefused:
            .init(
                "session.refused",
                "Sitzung abgelehnt",
                "A session was not opened.",
                .access,
                .attackDetection,
                .security,
                .refused,
                .warning,
                .who,
                .wire,
                .place,
                .why,
                [.ticket, .detail]
            )
        case .policyFault:
            .init(
                "policy.fault",
                "Fehler in einer Regel",
                "A rule could not be evaluated; what it might have allowed was refused.",
                .access,
                .changeControl,
                .operation,
                .failure,
                .error,
                [.actorKind, .rule, .policyVersion, .detail]
            )
        default: nil
        }
    }
}
