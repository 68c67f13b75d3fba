// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the names of a tunnel's states.

/// Where a tunnel is: for deadlines, logs and tests.
package enum TunnelPhase: Hashable, Sendable, CaseIterable {
    /// Nothing has come yet; HANDSHAKE_REQUEST is expected.
    case initial
    /// TUNNEL_CREATE is expected.
    case handshaken
    /// The owner decides on the tunnel.
    case awaitingGrant
    /// TUNNEL_AUTH is expected.
    case tunnelCreated
    /// CHANNEL_CREATE is expected.
    case tunnelAuthorized
    /// The owner connects to the desktop.
    case awaitingChannel
    /// DATA flows.
    case channelOpen
    /// The other tunnel is renewed; the client is expected to go.
    case reauthenticated
    /// CLOSE_CHANNEL was sent, its answer is expected; DATA on its way is dropped.
    case closing
    /// Over: nothing that comes has an effect.
    case closed
}

/// What happens to DATA now.
package enum DataPassage: Hashable, Sendable {
    /// DATA is a mistake: the scanner must not let it through.
    case refused
    /// DATA goes to the desktop.
    case relayed
    /// DATA was on its way when the end began: drop it.
    case dropped
}
