// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the catalogue's families 4 to 7, front door, settings, operators, daemons.

extension AuditKind {
    /// What the gate, the settings, operators and daemons do; nil for every other.
    var gatewayDefinition: AuditDefinition? {
        switch self {
        case .gateIncident:
            .init(
                "gate.incident",
                "Verbindung am Eingang abgewiesen",
                "The gate turned a connection away before there was a session.",
                .gate,
                .attackDetection,
                .security,
                .refused,
                .warning,
                .who,
                .why,
                [.detail, .count]
            )
        case .configurationLoaded:
            .init(
                "configuration.loaded",
                "Einstellungen übernommen",
                "New settings are in force; with an origin, those of the log's daemon.",
                .configuration,
                .changeControl,
                .operation,
                .success,
                .notice,
                [.actorKind, .origin, .policyVersion, .retentionDays, .count]
            )
        case .configurationRejected:
            .init(
                "configuration.rejected",
                "Fehlerhafte Einstellungen abgelehnt",
                "New settings had a mistake and the old ones stay; one record for each mistake.",
                .configuration,
                .changeControl,
                .operation,
                .failure,
                .warning,
                [.actorKind, .target, .detail, .line]
            )
        case .referenceLookedUp:
            .init(
                "reference.looked-up",
                "Ablehnungsgrund nachgeschlagen",
                "An operator looked up why somebody was refused.",
                .administration,
                .accountability,
                .accountability,
                .success,
                .notice,
                .whoOperates,
                [.reference]
            )
        case .operatorAction:
            .init(
                "operator.action",
                "Eingriff der Administration",
                "An operator did something through the control socket.",
                .administration,
                .changeControl,
                .security,
                .success,
                .notice,
                .whoOperates,
                .place,
                [.action, .detail]
            )
        case .operatorRefused:
            .init(
                "operator.refused",
                "Eingriff der Administration abgelehnt",
                "Somebody was not allowed to use the control socket, or to do this through it; the count is how many more such tries by the same account came shortly before.",
                .administration,
                .attackDetection,
                .security,
                .refused,
                .warning,
                .whoOperates,
                .why,
                [.action, .count]
            )
        case .daemonStarted:
            .init(
                "daemon.started",
                "Dienst gestartet",
                "The control plane is up.",
                .operation,
                .operation,
                .operation,
                .success,
                .notice,
                [.actorKind, .policyVersion, .version]
            )
        case .daemonStopped:
            .init(
                "daemon.stopped",
                "Dienst beendet",
                "The control plane stops in order.",
                .operation,
                .operation,
                .operation,
                .success,
                .notice,
                [.actorKind, .version]
            )
        case .gateConnected:
            .init(
                "gate.connected",
                "Gateway verbunden",
                "A gate introduced itself; the count is its live sessions.",
                .operation,
                .operation,
                .operation,
                .success,
                .notice,
                [.actorKind, .count, .version]
            )
        case .gateLost:
            .init(
                "gate.lost",
                "Verbindung zum Gateway verloren",
                "The link to a gate is gone; its sessions go on.",
                .operation,
                .operation,
                .operation,
                .failure,
                .warning,
                [.actorKind, .version],
                .why
            )
        default: nil
        }
    }
}
