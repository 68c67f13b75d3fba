// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what a tunnel asks its owner to do.

/// One thing to do; the owner does them in their order.
package enum TunnelAction: Hashable, Sendable {
    /// Send exactly these bytes: one packet, and on a WebSocket one message.
    case send([UInt8])
    /// Find out whether this client may have a tunnel, then call `tunnelAuthorized` or `tunnelRefused`.
    /// The cookie is nil when the HTTP header was the proof.
    case authorizeTunnel(cookie: TunnelCookie?, capabilities: Capabilities)
    /// The same for a tunnel that only renews the authorization of the one which sent this number.
    /// The number is the client's word: check that it is known, and whose it is.
    case reauthenticate(context: UInt64, cookie: TunnelCookie?)
    /// Connect to a desktop, then call `channelOpened` or `channelRefused`. The names are in the client's
    /// order of preference, without a `:port`.
    case openChannel(names: [String], port: UInt16, clientName: String)
    /// Both directions may flow from here on; what was to be sent before stands before this in the list.
    case startRelay
    /// This tunnel has done all it is for: the one that sent this number is renewed.
    case reauthenticated(context: UInt64)
    /// The client agreed to the end: the connection may be closed at once.
    case closeAcknowledged
    /// Close the connection as soon as everything is sent.
    case disconnect(TunnelEnd)
    /// A packet of this type was passed over: for the log.
    case ignored(type: UInt16)
}

/// Why a tunnel asked for its connection's end.
package enum TunnelEnd: Hashable, Sendable {
    /// The client sent CLOSE_CHANNEL.
    case closedByClient
    /// The client was told this.
    case refused(ProxyError)
    /// A packet came when it must not.
    case wrongState(PacketType)
    /// A packet that only servers send.
    case serverPacket(PacketType)
    /// A packet whose body breaks its rules.
    case malformed(PacketType)
    /// More than `PacketLimit.unknownPackets` of unknown types.
    case unknownPackets

    /// Whether the client broke the protocol, which is worth an incident.
    package var isViolation: Bool {
        switch self {
        case .closedByClient, .refused: false
        case .wrongState, .serverPacket, .malformed, .unknownPackets: true
        }
    }
}
