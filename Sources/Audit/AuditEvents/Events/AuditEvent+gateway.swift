// SPDX-License-Identifier: EUPL-1.2
// Torhaus: events of families 4 to 7, the gate's front door, settings, operators and the daemons themselves.

extension AuditEvent {
    /// The gate turned a connection away before there was a session.
    package static func gateIncident(
        _ subject: AuditSubject,
        reason: AuditReason,
        count: UInt32,
        detail: String
    ) -> AuditEvent {
        AuditEvent(
            .gateIncident,
            subject.values(
                reason.fields + [.count: .number(Int64(count)), .detail: .nonEmpty(detail)]
            )
        )
    }

    /// New settings are in force; `retention` is how long they let records of each class be kept.
    package static func configurationLoaded(
        version: String,
        municipalities: Int,
        retention: String
    ) -> AuditEvent {
        AuditEvent(
            .configurationLoaded,
            AuditSubject.system.values([
                .policyVersion: .nonEmpty(version), .count: .number(Int64(municipalities)),
                .retentionDays: .nonEmpty(retention),
            ])
        )
    }

    /// The log's daemon goes on with other days for the keys of names.
    package static func retentionChanged(origin: String, retention: String) -> AuditEvent {
        AuditEvent(
            .configurationLoaded,
            AuditSubject.system.values([
                .origin: .nonEmpty(origin), .retentionDays: .nonEmpty(retention),
            ])
        )
    }

    /// New settings had a mistake and the old ones stay; one event for each mistake.
    package static func configurationRejected(file: String, line: Int?, mistake: String) -> AuditEvent {
        AuditEvent(
            .configurationRejected,
            AuditSubject.system.values([
                .target: .nonEmpty(file),
                .line: line.map { .number(Int64($0)) },
                .detail: .nonEmpty(mistake),
            ])
        )
    }

    /// An operator looked up why somebody was refused.
    package static func referenceLookedUp(_ subject: AuditSubject, reference: String) -> AuditEvent {
        AuditEvent(
            .referenceLookedUp,
            subject.values([.reference: .nonEmpty(reference)])
        )
    }

    /// Somebody may not use the control socket, or not for this.
    package static func operatorRefused(
        _ subject: AuditSubject,
        action: String,
        reason: AuditReason,
        further count: Int
    ) -> AuditEvent {
        AuditEvent(
            .operatorRefused,
            subject.values(
                reason.fields + [
                    .action: .nonEmpty(action), .count: count == 0 ? nil : .number(Int64(count)),
                ]
            )
        )
    }

    /// An operator did something through the control socket.
    package static func operatorAction(
        _ subject: AuditSubject,
        action: String,
        desktop: AuditDesktop?,
        detail: String
    ) -> AuditEvent {
        AuditEvent(
            .operatorAction,
            subject.values(
                (desktop?.fields ?? [:]) + [.action: .nonEmpty(action), .detail: .nonEmpty(detail)]
            )
        )
    }

    /// The control plane is up.
    package static func daemonStarted(version: String, policyVersion: String) -> AuditEvent {
        AuditEvent(
            .daemonStarted,
            AuditSubject.system.values([
                .version: .nonEmpty(version), .policyVersion: .nonEmpty(policyVersion),
            ])
        )
    }

    /// The control plane stops in order.
    package static func daemonStopped(version: String) -> AuditEvent {
        AuditEvent(
            .daemonStopped,
            AuditSubject.system.values([.version: .nonEmpty(version)])
        )
    }

    /// A gate introduced itself; the count is its live sessions.
    package static func gateConnected(version: String, sessions: Int) -> AuditEvent {
        AuditEvent(
            .gateConnected,
            AuditSubject.system.values([
                .version: .nonEmpty(version), .count: .number(Int64(sessions)),
            ])
        )
    }

    /// The link to a gate is gone; its sessions go on without the control plane.
    package static func gateLost(version: String, reason: AuditReason) -> AuditEvent {
        AuditEvent(
            .gateLost,
            AuditSubject.system.values(reason.fields + [.version: .nonEmpty(version)])
        )
    }
}
