// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the control plane's line to the audit log, and what may go on while the log is away.

import AuditClient
import AuditEvents
import CountyConfiguration
import LinuxKit
import Sessions

/// Makes the client that every part of the control plane records through.
enum AuditLink {
    /// Connects whenever the log is there; nothing waits for it here.
    static func open(_ configuration: Configuration, rules: RulesHolder) throws -> AuditClient {
        guard let log = try UserDatabase.user(named: configuration.users.audit) else {
            throw UnknownUser(name: configuration.users.audit)
        }
        return try AuditClient(
            AuditClientOptions(
                socket: configuration.audit.socket,
                spool: configuration.paths.auditSpool,
                whenAway: .ask { event in mayWait(event, rules.current.rules.unauditedMunicipalities) },
                // Root: with a socket of systemd's, that is who made it.
                servers: [log.user, 0]
            )
        )
    }

    /// Whether an event's record may wait on our own disk while the log is away.
    ///
    /// Always what tells of the control plane itself: it must come up, or nobody would be told why they cannot
    /// sign in, and the ends of running sessions would have nowhere to go. Everything else waits only where a
    /// municipality decided so.
    ///
    /// A changed password is changed: its record allows nothing, and must not be lost.
    static func mayWait(_ event: AuditEvent, _ unaudited: Set<String>) -> Bool {
        switch event.kind {
        case .daemonStarted, .daemonStopped, .configurationLoaded, .configurationRejected, .gateConnected,
            .gateLost, .sessionConnected, .desktopUnreachable, .passwordChanged:
            return true
        // Stopping a session is the safe side, so it is done whether or not it can be recorded.
        case .operatorAction where event.text(.action) == "terminate": return true
        default: return event.text(.municipality).map { unaudited.contains($0) } ?? false
        }
    }
}
