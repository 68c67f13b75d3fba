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
            code: "GW4001W",
            name: "gate.incident",
            outcome: .refused,
            severity: .warning,
            fields: subject.fields(
                reason.fields + [.count: .number(Int64(count)), .detail: .nonEmpty(detail)]
            )
        )
    }

    /// New settings are in force.
    package static func configurationLoaded(version: String, municipalities: Int) -> AuditEvent {
        AuditEvent(
            code: "GW5001I",
            name: "configuration.loaded",
            outcome: .success,
            severity: .notice,
            fields: AuditSubject.system.fields([
                .policyVersion: .nonEmpty(version), .count: .number(Int64(municipalities)),
            ])
        )
    }

    /// New settings had a mistake and the old ones stay; one event for each mistake.
    package static func configurationRejected(file: String, line: Int?, mistake: String) -> AuditEvent {
        AuditEvent(
            code: "GW5001W",
            name: "configuration.rejected",
            outcome: .failure,
            severity: .warning,
            fields: AuditSubject.system.fields([
                .target: .nonEmpty(file),
                .line: line.map { .number(Int64($0)) },
                .detail: .nonEmpty(mistake),
            ])
        )
    }

    /// An operator looked up why somebody was refused.
    package static func referenceLookedUp(_ subject: AuditSubject, reference: String) -> AuditEvent {
        AuditEvent(
            code: "GW6001I",
            name: "reference.looked-up",
            outcome: .success,
            severity: .notice,
            fields: subject.fields([.reference: .nonEmpty(reference)])
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
            code: "GW6002I",
            name: "operator.action",
            outcome: .success,
            severity: .notice,
            fields: subject.fields(
                (desktop?.fields ?? [:]) + [.action: .nonEmpty(action), .detail: .nonEmpty(detail)]
            )
        )
    }

    /// The control plane is up.
    package static func daemonStarted(version: String, policyVersion: String) -> AuditEvent {
        AuditEvent(
            code: "GW7001I",
            name: "daemon.started",
            outcome: .success,
            severity: .notice,
            fields: AuditSubject.system.fields([
                .version: .nonEmpty(version), .policyVersion: .nonEmpty(policyVersion),
            ])
        )
    }

    /// The control plane stops in order.
    package static func daemonStopped(version: String) -> AuditEvent {
        AuditEvent(
            code: "GW7003I",
            name: "daemon.stopped",
            outcome: .success,
            severity: .notice,
            fields: AuditSubject.system.fields([.version: .nonEmpty(version)])
        )
    }

    /// A gate introduced itself; the count is its live sessions.
    package static func gateConnected(version: String, sessions: Int) -> AuditEvent {
        AuditEvent(
            code: "GW7004I",
            name: "gate.connected",
            outcome: .success,
            severity: .notice,
            fields: AuditSubject.system.fields([
                .version: .nonEmpty(version), .count: .number(Int64(sessions)),
            ])
        )
    }

    /// The link to a gate is gone; its sessions go on without the control plane.
    package static func gateLost(version: String, reason: AuditReason) -> AuditEvent {
        AuditEvent(
            code: "GW7004W",
            name: "gate.lost",
            outcome: .failure,
            severity: .warning,
            fields: AuditSubject.system.fields(reason.fields + [.version: .nonEmpty(version)])
        )
    }

    /// The log's last line was torn by a crash and was cut off; the count is its bytes.
    package static func logRepaired(bytes: Int) -> AuditEvent {
        AuditEvent(
            code: "GW7002W",
            name: "audit.repaired",
            outcome: .success,
            severity: .warning,
            fields: AuditSubject.system.fields([.count: .number(Int64(bytes))])
        )
    }

    /// The log can be written again; the count is the records that were refused meanwhile, with what they
    /// were to allow.
    package static func logRecovered(refused: Int) -> AuditEvent {
        AuditEvent(
            code: "GW7006W",
            name: "audit.recovered",
            outcome: .success,
            severity: .warning,
            fields: AuditSubject.system.fields([.count: .number(Int64(refused))])
        )
    }
}
