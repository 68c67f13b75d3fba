// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the catalogue's family 7, second part: the log about itself.

extension AuditKind {
    /// The log's own health; nil for every other.
    var logDefinition: AuditDefinition? {
        switch self {
        case .logRepaired:
            .init(
                "audit.repaired",
                "Protokoll nach einem Absturz repariert",
                "The log's last record was torn by a crash and cut off; the count is its bytes.",
                .log,
                .operation,
                .operation,
                .success,
                .warning,
                [.actorKind, .count]
            )
        case .heartbeat:
            .init(
                "audit.heartbeat",
                "Lebenszeichen des Protokolls",
                "Nothing happened for a while, and the log still works.",
                .log,
                .operation,
                .operation,
                .success,
                .info,
                [.actorKind, .origin, .size]
            )
        case .logRecovered:
            .init(
                "audit.recovered",
                "Protokoll wieder beschreibbar",
                "The log can be written again; the count is the records refused meanwhile.",
                .log,
                .operation,
                .operation,
                .success,
                .warning,
                [.actorKind, .count]
            )
        case .logOpened:
            .init(
                "audit.opened",
                "Protokolldienst gestartet",
                "The log was opened and checked against its last checkpoint.",
                .log,
                .operation,
                .operation,
                .success,
                .notice,
                [.actorKind, .origin, .size, .retentionDays, .version]
            )
        case .logContinued:
            .init(
                "audit.continued",
                "Protokoll unter neuem Namen fortgesetzt",
                "The last record of a log: where it goes on, and with which key.",
                .log,
                .operation,
                .operation,
                .success,
                .notice,
                [.actorKind, .origin, .size, .verifierKey]
            )
        case .witnessMissing:
            .init(
                "audit.witness-missing",
                "Zeuge antwortet nicht",
                "Too few witnesses cosigned the newest checkpoint in time.",
                .log,
                .operation,
                .operation,
                .failure,
                .warning,
                [.actorKind, .origin, .size, .target, .detail, .duration]
            )
        case .forwarderBehind:
            .init(
                "audit.forwarder-behind",
                "Weiterleitung an das SIEM im Rückstand",
                "Records wait for the SIEM; the count is how many.",
                .log,
                .operation,
                .operation,
                .failure,
                .warning,
                [.actorKind, .target, .detail, .count]
            )
        case .spaceLow:
            .init(
                "audit.space-low",
                "Speicherplatz des Protokolls knapp",
                "The disk of the log is nearly full; the count is its free MiB.",
                .log,
                .operation,
                .operation,
                .failure,
                .error,
                [.actorKind, .detail, .count]
            )
        case .recordsDeliveredLate:
            .init(
                "audit.delivered-late",
                "Einträge nachgereicht",
                "Ends of sessions and refusals waited while the log was away; the count is how many.",
                .log,
                .operation,
                .operation,
                .success,
                .warning,
                [.actorKind, .duration, .count]
            )
        case .refusalsDropped:
            .init(
                "audit.refusals-dropped",
                "Ablehnungen nicht einzeln aufgezeichnet",
                "While the log was away more was refused than may wait for it; the count is how many refusals have no record of their own.",
                .log,
                .attackDetection,
                .operation,
                .failure,
                .warning,
                [.actorKind, .count]
            )
        case .clockJumped:
            .init(
                "clock.jumped",
                "Uhr der Anlage gesprungen",
                "The clock went backwards or jumped ahead.",
                .operation,
                .operation,
                .operation,
                .failure,
                .warning,
                [.actorKind, .detail, .duration]
            )
        default: nil
        }
    }
}
