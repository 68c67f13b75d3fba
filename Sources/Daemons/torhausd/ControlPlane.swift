// SPDX-License-Identifier: EUPL-1.2
// Torhaus: puts the control plane together: store, audit trail, sessions, link to the gates, portal, operators.

import AuditClient
import AuditEvents
import AuthClient
import ControlSocket
import CountyConfiguration
import DaemonMessages
import Foundation
import GateLink
import LinuxKit
import Logging
import OpenSSLKit
import Portal
import ServiceLifecycle
import Sessions
import Store

/// Everything that runs in torhausd; nothing listens before the services run.
struct ControlPlane {
    /// A group look-up may take so long before what was known has to do.
    private static let lookUpSeconds: Int64 = 3

    let services: [any Service]
    private let audit: AuditClient
    private let holder: ConfigurationHolder

    init(_ configuration: Configuration, path: String, logger: Logger) async throws {
        let now: @Sendable () -> UInt64 = { Clock.wallMilliseconds() }
        let paths = configuration.paths
        let store = try SQLiteStore(path: "\(paths.state)/torhaus.sqlite", now: now)
        let inForce = try ConfigurationHolder.rules(of: configuration)
        let rules = RulesHolder(inForce.rules, decider: inForce.decider)
        let audit = try AuditLink.open(configuration, rules: rules)
        let signIn = AuthClient(socketPath: paths.authSocket)
        // A page waits for it.
        let lookUp = AuthClient(socketPath: paths.authSocket, replySeconds: Self.lookUpSeconds)
        let sessions = SessionService(
            parts: SessionParts(
                tickets: store,
                reasons: store,
                webSessions: store,
                audit: audit,
                sha256: { Digest.sha256($0) },
                now: now,
                basicSignIn: BasicConversation(signIn: signIn, now: now).signIn,
                knowsUser: { (try? await signIn.lookUpGroups($0)) != nil },
                groups: { try await lookUp.lookUpGroups($0)?.groups },
                logger: logger
            ),
            rules: rules
        )
        let holder = ConfigurationHolder(
            configuration,
            path: path,
            rules: rules,
            audit: audit,
            logger: logger
        )
        let gateUsers = try Self.users([configuration.users.gate])
        let portal = PortalApplication(
            address: .unix(path: paths.portalSocket),
            allowedPeers: gateUsers,
            settings: { holder.portalSettings },
            access: sessions,
            webSessions: store,
            signIn: signIn,
            signer: { holder.signer },
            health: { audit.isAvailable },
            resources: try PortalResources(),
            now: now,
            logger: logger
        )
        let operators = try Self.users(configuration.users.operators)
        let register = OperatorRegister(
            listed: operators,
            policy: { holder.policy },
            groups: { try await lookUp.lookUpGroups($0)?.groups },
            now: now,
            logger: logger
        )
        services = [
            GateLinkServer(
                path: paths.gateLinkSocket,
                allowedUsers: gateUsers,
                group: try UserDatabase.user(named: configuration.users.gate)?.group,
                side: sessions,
                logger: logger
            ),
            portal,
            EndsQuietly(
                service: ControlSocketServer(
                    path: paths.controlSocket,
                    operators: operators,
                    service: Operators(sessions: sessions, holder: holder, audit: audit, register: register),
                    logger: logger
                )
            ),
            Upkeep(sessions: sessions),
            ReloadOnHangUp(holder: holder),
        ]
        self.audit = audit
        self.holder = holder
    }

    /// Records the start, in the log or in the spool before it; without a record there is no start.
    func started() async throws {
        _ = try await audit.append(
            .daemonStarted(version: Main.version, policyVersion: holder.policyVersion)
        )
        let current = holder.configuration
        _ = try await audit.append(
            .configurationLoaded(
                version: holder.policyVersion,
                municipalities: current.municipalities.count,
                retention: current.audit.retentionText
            )
        )
    }

    func stopped() async {
        _ = try? await audit.append(.daemonStopped(version: Main.version))
        audit.close()
    }

    /// User ids of names; a name that nobody has is a mistake of the machine's set-up.
    private static func users(_ names: [String]) throws -> Set<UInt32> {
        var result: Set<UInt32> = []
        for name in names {
            guard let user = try UserDatabase.user(named: name) else { throw UnknownUser(name: name) }
            result.insert(user.user)
        }
        return result
    }
}

/// `users:` of torhaus.yaml names somebody this machine does not know.
struct UnknownUser: Error, CustomStringConvertible {
    let name: String

    var description: String { "this machine has no user \(name); see users: in torhaus.yaml" }
}

/// A service that ends by being cancelled, which is how it was asked to: thrown on, the service group would take
/// it for a fault and cut off the others.
struct EndsQuietly: Service {
    let service: any Service

    func run() async throws {
        do {
            try await service.run()
        } catch is CancellationError {}
    }
}

/// Expiry of tickets, graces and web sessions.
struct Upkeep: Service {
    let sessions: SessionService

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                await sessions.tick()
                try await Task.sleep(for: .seconds(1))
            }
        }
    }
}
