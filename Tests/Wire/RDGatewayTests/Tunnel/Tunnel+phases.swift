// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tunnels brought to each of their states.

import RDGateway
import Testing

extension Tunnel {
    /// Everything both sides can do.
    static let everything: Capabilities = [.idleTimeout, .consent, .serviceMessage, .reauthentication]

    /// A tunnel in this state, reached by the packets that lead there.
    static func at(
        _ phase: TunnelPhase,
        clientCapabilities: Capabilities = everything,
        context: UInt64? = nil
    ) -> Tunnel {
        var tunnel = Tunnel(TunnelConfiguration(authentication: .cookie, tunnelID: 10))
        let create = TunnelCreate(
            capabilities: clientCapabilities,
            reauthenticationContext: phase == .reauthenticated ? context ?? 5 : context,
            cookie: blob(utf16("ticket"))
        )
        let steps: [(TunnelPhase, (inout Tunnel) -> [TunnelAction])] = [
            (.handshaken, { $0.receive(raw(HandshakeRequest(authentication: .cookie))) }),
            (.awaitingGrant, { $0.receive(raw(create)) }),
            (.tunnelCreated, { $0.tunnelAuthorized(TunnelTerms(idleMinutes: 30)) }),
            (.tunnelAuthorized, { $0.receive(raw(TunnelAuthorization(clientName: text("vm")))) }),
            (
                create.reauthenticationContext == nil ? .awaitingChannel : .reauthenticated,
                { $0.receive(desktop) }
            ),
            (.channelOpen, { $0.channelOpened() }),
            (.closing, { $0.closeChannel(.sessionTimeout) }),
            (.closed, { $0.receive(raw(CloseChannelResponse())) }),
        ]
        for (next, step) in steps where tunnel.phase != phase {
            #expect(!step(&tunnel).isEmpty, "on the way to \(phase)")
            #expect(tunnel.phase == next)
        }
        return tunnel
    }

    /// CHANNEL_CREATE for one desktop.
    static let desktop = raw(channel("rb-01", port: 3389))
}
