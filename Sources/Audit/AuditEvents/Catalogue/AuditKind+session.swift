// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the catalogue's families 3 and 8, the life of a session and what looks wrong about it.

extension AuditKind {
    /// Families 3 and 8, nil for every other.
    var sessionDefinition: AuditDefinition? {
        switch self {
        case .sessionOpened:
            .init(
                "session.opened",
                "Sitzung begonnen",
                "A session may begin; recorded before the gate learns where the desktop is.",
                .session,
                .accessControl,
                .access,
                .success,
                .info,
                .who,
                .wire,
                .place,
                [.target, .way, .ticket, .rule, .policyVersion, .obligations]
            )
        case .sessionEnded:
            .init(
                "session.ended",
                "Sitzung beendet",
                "A session ended for good.",
                .session,
                .accessControl,
                .access,
                .success,
                .info,
                .who,
                .place,
                .why,
                .sent
            )
        case .desktopUnreachable:
            .init(
                "desktop.unreachable",
                "Arbeitsplatz nicht erreichbar",
                "The desktop did not answer.",
                .session,
                .operation,
                .access,
                .failure,
                .warning,
                .who,
                .place
            )
        case .sessionResumed:
            .init(
                "session.resumed",
                "Sitzung fortgesetzt",
                "A session goes on after a broken line, or after the control plane was away.",
                .session,
                .accessControl,
                .access,
                .success,
                .info,
                .who,
                .wire,
                .place,
                .why,
                [.ticket]
            )
        case .sessionInterrupted:
            .init(
                "session.interrupted",
                "Sitzung unterbrochen",
                "One connection of a session ended and may be resumed, or was replaced by the next.",
                .session,
                .operation,
                .access,
                .success,
                .info,
                .who,
                .place,
                .why,
                .sent
            )
        case .sessionConnected:
            .init(
                "session.connected",
                "Arbeitsplatz hat geantwortet",
                "The desktop answered.",
                .session,
                .operation,
                .access,
                .success,
                .info,
                .who,
                .place,
                [.target]
            )
        case .parallelUse:
            .init(
                "ticket.parallel-use",
                "Zugang gleichzeitig von zwei Stellen benutzt",
                "A ticket was shown while its session's line still answers.",
                .detection,
                .attackDetection,
                .security,
                .refused,
                .warning,
                .who,
                .wire,
                .place,
                .why,
                [.ticket]
            )
        default: nil
        }
    }
}
