// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the gate and the auth worker are told of the configuration.

package import DaemonSettings

extension Configuration {
    /// The settings `torhaus render gate` writes.
    package func gateSettings() -> GateSettings {
        GateSettings(
            listen: listen.map(\.description),
            profile: tls.profile.rawValue,
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
}
