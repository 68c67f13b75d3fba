// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the states of a tunnel. Each holds what is known in it and nothing else, and offers only what may
// happen in it; it is made by the state before it.

enum TunnelState: Sendable {
    case initial(InitialState)
    case handshaken(HandshakenState)
    case awaitingGrant(AwaitingGrantState)
    case tunnelCreated(TunnelCreatedState)
    case tunnelAuthorized(TunnelAuthorizedState)
    case awaitingChannel(AwaitingChannelState)
    case channelOpen(ChannelOpenState)
    case reauthenticated
    case closing
    case closed

    var phase: TunnelPhase {
        switch self {
        case .initial: .initial
        case .handshaken: .handshaken
        case .awaitingGrant: .awaitingGrant
        case .tunnelCreated: .tunnelCreated
        case .tunnelAuthorized: .tunnelAuthorized
        case .awaitingChannel: .awaitingChannel
        case .channelOpen: .channelOpen
        case .reauthenticated: .reauthenticated
        case .closing: .closing
        case .closed: .closed
        }
    }
}

/// What a tunnel is for.
enum TunnelUse: Sendable {
    case session
    /// Renews the tunnel that sent REAUTH_MESSAGE with this number; never carries DATA.
    case reauthentication(context: UInt64)
}
