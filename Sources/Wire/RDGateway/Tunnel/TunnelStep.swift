// SPDX-License-Identifier: EUPL-1.2
// Torhaus: from one state to the next.

/// What a state makes of an input: the state after it, and what to do.
struct TunnelStep {
    var next: TunnelState
    var actions: [TunnelAction]

    init(_ next: TunnelState, _ actions: [TunnelAction] = []) {
        self.next = next
        self.actions = actions
    }

    /// The end, after an answer if there is one.
    static func end(_ end: TunnelEnd, after answer: [UInt8]? = nil) -> TunnelStep {
        guard let answer else { return TunnelStep(.closed, [.disconnect(end)]) }
        return TunnelStep(.closed, [.send(answer), .disconnect(end)])
    }

    /// The end after a client's mistake with a packet: that packet's own response says E_PROXY_INTERNALERROR.
    static func violation(with type: PacketType, _ kind: TunnelEnd) -> TunnelStep {
        end(kind, after: response(to: type, HResult(.internalError)))
    }

    /// The response that belongs to a request, with nothing but a status; nil for types without a response.
    private static func response(to type: PacketType, _ status: HResult) -> [UInt8]? {
        switch type {
        case .handshakeRequest: HandshakeResponse(status: status).encoded()
        case .extendedAuthentication: ExtendedAuthenticationMessage(status: status).encoded()
        case .tunnelCreate: TunnelResponse(status: status).encoded()
        case .tunnelAuthorization: TunnelAuthorizationResponse(status: status).encoded()
        case .channelCreate: ChannelResponse(status: status).encoded()
        case .closeChannel: CloseChannelResponse(status: status).encoded()
        case .handshakeResponse, .tunnelResponse, .tunnelAuthorizationResponse, .channelResponse, .data,
            .serviceMessage, .reauthentication, .keepAlive, .closeChannelResponse:
            nil
        }
    }
}
