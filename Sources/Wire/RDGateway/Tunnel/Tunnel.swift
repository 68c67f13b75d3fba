// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the server's side of a tunnel.

/// The server's state machine of MS-TSGU over HTTP ([MS-TSGU] 3.3): packets and decisions in, actions out.
///
/// A value without I/O and without a clock: its owner keeps the deadlines, and the wait for the client's
/// answer to CLOSE_CHANNEL. The rules, for every state:
/// - A packet in the wrong state, or one that breaks its rules, is answered by its own response type with
///   E_PROXY_INTERNALERROR, and the connection ends. That includes packets that come while a decision is
///   pending: no client sends ahead.
/// - KEEPALIVE is fine everywhere and never answered: FreeRDP echoes ours, so an echo of an echo would never
///   end.
/// - CLOSE_CHANNEL is answered after the handshake, pending decision or not, and the connection ends.
/// - Types nobody knows are passed over, up to `PacketLimit.unknownPackets` of them.
/// - Types that only servers send end the connection.
/// - DATA passes through the scanner. A DATA packet that gets here has lost its payload and is a mistake,
///   except after our own CLOSE_CHANNEL, when the client may not have known yet.
/// - A decision that comes too late has no effect.
package struct Tunnel: Sendable {
    private var state: TunnelState
    private var unknownPackets = 0

    /// A tunnel at its beginning.
    package init(_ configuration: TunnelConfiguration) {
        state = .initial(InitialState(configuration: configuration))
    }

    // MARK: Looking

    /// Where the tunnel is.
    package var phase: TunnelPhase { state.phase }

    /// What happens to DATA now; the scanner may let it through unless this is `refused`.
    package var dataPassage: DataPassage {
        switch state {
        case .channelOpen: .relayed
        case .closing, .closed: .dropped
        case .initial, .handshaken, .awaitingGrant, .tunnelCreated, .tunnelAuthorized, .awaitingChannel,
            .reauthenticated:
            .refused
        }
    }

    /// What the owner may use now: the capabilities both sides have while the channel is open, else nothing.
    package var usableCapabilities: Capabilities {
        guard case .channelOpen(let state) = state else { return [] }
        return state.capabilities
    }

    // MARK: Receiving

    /// Takes a packet from the client.
    package mutating func receive(_ packet: RawPacket) -> [TunnelAction] {
        if case .closed = state { return [] }
        guard let type = packet.type else { return passOver(packet.rawType) }
        switch type {
        case .handshakeRequest:
            guard case .initial(let state) = state else { return wrongState(type) }
            return read(packet) { state.receive($0) }
        case .tunnelCreate:
            guard case .handshaken(let state) = state else { return wrongState(type) }
            return read(packet) { state.receive($0) }
        case .tunnelAuthorization:
            guard case .tunnelCreated(let state) = state else { return wrongState(type) }
            return read(packet) { state.receive($0) }
        case .channelCreate:
            guard case .tunnelAuthorized(let state) = state else { return wrongState(type) }
            return read(packet) { state.receive($0) }
        case .extendedAuthentication:
            return wrongState(type)
        case .data:
            guard dataPassage == .dropped else { return wrongState(type) }
            return []
        case .keepAlive:
            let state = state
            return read(packet) { (_: KeepAlive) in TunnelStep(state) }
        case .closeChannel:
            if case .initial = state { return wrongState(type) }
            return read(packet) { (_: CloseChannel) in
                .end(.closedByClient, after: CloseChannelResponse().encoded())
            }
        case .closeChannelResponse:
            guard case .closing = state else { return wrongState(type) }
            return read(packet) { (_: CloseChannelResponse) in TunnelStep(.closed, [.closeAcknowledged]) }
        case .handshakeResponse, .tunnelResponse, .tunnelAuthorizationResponse, .channelResponse,
            .serviceMessage, .reauthentication:
            return take(.violation(with: type, .serverPacket(type)))
        }
    }

    /// The client's connection ended; decisions that are still pending no longer matter.
    package mutating func clientClosed() { state = .closed }

    // MARK: Deciding

    /// Answers `authorizeTunnel` and `reauthenticate`.
    package mutating func tunnelAuthorized(_ terms: TunnelTerms) -> [TunnelAction] {
        guard case .awaitingGrant(let state) = state else { return [] }
        return take(state.granted(terms))
    }

    /// Answers `authorizeTunnel` and `reauthenticate` with a refusal; the connection ends.
    package mutating func tunnelRefused(_ error: ProxyError) -> [TunnelAction] {
        guard case .awaitingGrant(let state) = state else { return [] }
        return take(state.refused(error))
    }

    /// Answers `openChannel`: the desktop is connected.
    package mutating func channelOpened(
        channelID: UInt32 = ChannelResponse.onlyChannel
    ) -> [TunnelAction] {
        guard case .awaitingChannel(let state) = state else { return [] }
        return take(state.opened(channelID))
    }

    /// Answers `openChannel` with a refusal; the connection ends.
    package mutating func channelRefused(_ error: ProxyError) -> [TunnelAction] {
        guard case .awaitingChannel(let state) = state else { return [] }
        return take(state.refused(error))
    }

    // MARK: Sending

    /// Ends the tunnel for this reason: a limit, an operator, the desktop.
    ///
    /// With an open channel the client is told and has to answer; the owner waits a little for
    /// `closeAcknowledged` and then closes the connection anyway. Before, the pending request is answered by
    /// the error, if there is one.
    package mutating func closeChannel(_ error: ProxyError) -> [TunnelAction] {
        switch state {
        case .channelOpen, .reauthenticated:
            return take(TunnelStep(.closing, [.send(CloseChannel(status: HResult(error)).encoded())]))
        case .awaitingGrant(let state):
            return take(state.refused(error))
        case .awaitingChannel(let state):
            return take(state.refused(error))
        case .initial, .handshaken, .tunnelCreated, .tunnelAuthorized:
            return take(.end(.refused(error)))
        case .closing, .closed:
            return []
        }
    }

    /// Shows a text to the person, clipped to `PacketLimit.message`; nothing when the channel is not open or
    /// the client cannot.
    package func serviceMessage(_ text: String) -> [TunnelAction] {
        guard case .channelOpen(let state) = state else { return [] }
        return state.message(text)
    }

    /// Asks the client to prove itself again in a second tunnel that names this number; nothing when the
    /// channel is not open or the client cannot (see `usableCapabilities`).
    package func requestReauthentication(context: UInt64) -> [TunnelAction] {
        guard case .channelOpen(let state) = state else { return [] }
        return state.reauthentication(context)
    }

    /// Keeps middle boxes awake, and lets FreeRDP show that it lives; nothing when the channel is not open.
    package func keepAlive() -> [TunnelAction] {
        guard case .channelOpen = state else { return [] }
        return [.send(KeepAlive().encoded())]
    }

    // MARK: Private

    private mutating func take(_ step: TunnelStep) -> [TunnelAction] {
        state = step.next
        return step.actions
    }

    private mutating func read<Packet: GatewayPacket>(
        _ packet: RawPacket,
        _ receive: (Packet) -> TunnelStep
    ) -> [TunnelAction] {
        do throws(PacketError) {
            return take(receive(try Packet(body: packet.body)))
        } catch {
            return take(.violation(with: Packet.type, .malformed(Packet.type)))
        }
    }

    private mutating func wrongState(_ type: PacketType) -> [TunnelAction] {
        take(.violation(with: type, .wrongState(type)))
    }

    private mutating func passOver(_ type: UInt16) -> [TunnelAction] {
        unknownPackets += 1
        guard unknownPackets <= PacketLimit.unknownPackets else { return take(.end(.unknownPackets)) }
        return [.ignored(type: type)]
    }
}
