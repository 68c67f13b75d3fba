// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the gate, the auth worker and the audit log are told of the configuration.

package import DaemonSettings

extension Configuration {
    /// The settings `torhaus render gate` writes.
    package func gateSettings() -> GateSettings {
        GateSettings(
            listen: listen.map(\.description),
            profile: tls.profile.rawValue,
            recordCipher: tls.recordCipher.rawValue,
            certificates: tls.certificates.map { .init(chain: $0.chain, key: $0.key) },
            refuseUnknownName: tls.unknownName == .refuse,
            clientAuthority: tls.clientAuthority,
            publicNames: publicNames,
            publicPort: publicPort,
            portalUpstream: "unix:\(paths.portalSocket)",
            gateLink: paths.gateLinkSocket,
            allowedControlUser: users.control,
            basic: gate.basic,
            chunkedOut: gate.chunkedOut,
            relayThreads: gate.relayThreads,
            handshakeThreads: gate.handshakeThreads,
            maxConnections: gate.maxConnections,
            halfOpenPerAddress: gate.halfOpenPerAddress,
            keepaliveSeconds: Int(gate.keepalive.wholeSeconds),
            requestHeadSeconds: Int(gate.requestHead.wholeSeconds),
            tunnelSeconds: Int(gate.tunnel.wholeSeconds),
            connectSeconds: Int(gate.connect.wholeSeconds),
            handshakeSeconds: Int(gate.handshake.wholeSeconds)
        )
    }

    /// The settings `torhaus render auth` writes.
    package func authSettings() -> AuthSettings {
        AuthSettings(
            socket: paths.authSocket,
            allowedUsers: [users.control],
            service: signIn.pamService,
            confdir: signIn.pamDirectory,
            poolSize: signIn.workers,
            maxConversations: signIn.conversations,
            deadlineSeconds: Int(signIn.deadline.wholeSeconds),
            failureFloorMilliseconds: Int(clamping: signIn.failureFloor.wholeMilliseconds)
        )
    }

    /// The settings `torhaus render audit` writes.
    package func auditSettings() -> AuditSettings {
        AuditSettings(
            socket: audit.socket,
            allowedUsers: [users.control],
            origin: audit.origin,
            logDirectory: audit.logs,
            stateDirectory: audit.state,
            names: AuditSettings.Names(directory: audit.names, holders: audit.holders),
            checkpointMilliseconds: audit.checkpointMilliseconds,
            heartbeatSeconds: Int(audit.heartbeat.wholeSeconds),
            minimumFreeMebibytes: audit.minimumFreeMebibytes,
            retention: audit.retention,
            witnessPolicy: audit.witnessPolicy,
            forwarding: audit.forward.map { forward in
                AuditSettings.Forwarding(
                    receiver: "tcp:\(forward.receiver)",
                    receiverName: forward.name,
                    authorities: forward.authorities,
                    certificate: forward.certificate.chain,
                    key: forward.certificate.key,
                    enterprise: forward.enterprise
                )
            },
            mirrorsToJournal: audit.mirrorsToJournal
        )
    }
}
