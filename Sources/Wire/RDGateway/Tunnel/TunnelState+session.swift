// SPDX-License-Identifier: EUPL-1.2
// Torhaus: from a granted tunnel to an open channel and its end.

/// The tunnel is granted.
struct TunnelCreatedState: Sendable {
    let capabilities: Capabilities
    let use: TunnelUse
    let terms: TunnelTerms

    init(after previous: AwaitingGrantState, _ terms: TunnelTerms) {
        capabilities = previous.capabilities
        use = previous.use
        self.terms = terms
    }

    /// Tells the terms.
    ///
    /// The idle timeout is sent even when there is none, and to clients that did not announce it:
    /// [MS-TSGU] 2.2.9.2.1.5 wants it, Windows clients count on the 24 bytes, FreeRDP does not look.
    func receive(_ request: TunnelAuthorization) -> TunnelStep {
        let response = TunnelAuthorizationResponse(
            redirection: terms.redirection,
            idleMinutes: terms.idleMinutes
        )
        let next = TunnelAuthorizedState(after: self, request)
        return TunnelStep(.tunnelAuthorized(next), [.send(response.encoded())])
    }
}

/// The client knows the terms.
struct TunnelAuthorizedState: Sendable {
    let capabilities: Capabilities
    let use: TunnelUse
    let clientName: String

    init(after previous: TunnelCreatedState, _ request: TunnelAuthorization) {
        capabilities = previous.capabilities
        use = previous.use
        clientName = request.clientName.text
    }

    /// Asks the owner for the desktop; a reauthentication has no desktop and is done here.
    func receive(_ request: ChannelCreate) -> TunnelStep {
        guard request.channelProtocol == ChannelCreate.remoteDesktop else {
            let response = ChannelResponse(status: HResult(.notSupported))
            return .end(.refused(.notSupported), after: response.encoded())
        }
        let names = request.names
        guard !names.isEmpty else { return .violation(with: .channelCreate, .malformed(.channelCreate)) }
        switch use {
        case .session:
            let action = TunnelAction.openChannel(names: names, port: request.port, clientName: clientName)
            return TunnelStep(.awaitingChannel(AwaitingChannelState(after: self)), [action])
        case .reauthentication(let context):
            let response = ChannelResponse(channelID: ChannelResponse.onlyChannel)
            return TunnelStep(
                .reauthenticated,
                [.send(response.encoded()), .reauthenticated(context: context)]
            )
        }
    }
}

/// The owner connects to the desktop.
struct AwaitingChannelState: Sendable {
    let capabilities: Capabilities

    init(after previous: TunnelAuthorizedState) { capabilities = previous.capabilities }

    func opened(_ channelID: UInt32) -> TunnelStep {
        let response = ChannelResponse(channelID: channelID)
        return TunnelStep(
            .channelOpen(ChannelOpenState(after: self)),
            [.send(response.encoded()), .startRelay]
        )
    }

    func refused(_ error: ProxyError) -> TunnelStep {
        .end(.refused(error), after: ChannelResponse(status: HResult(error)).encoded())
    }
}

/// DATA flows.
struct ChannelOpenState: Sendable {
    let capabilities: Capabilities

    init(after previous: AwaitingChannelState) { capabilities = previous.capabilities }

    func message(_ text: String) -> [TunnelAction] {
        guard capabilities.contains(.serviceMessage) else { return [] }
        return [.send(ServiceMessage(text: UnicodeString(clipping: text)).encoded())]
    }

    func reauthentication(_ context: UInt64) -> [TunnelAction] {
        guard capabilities.contains(.reauthentication) else { return [] }
        return [.send(ReauthenticationMessage(context: context).encoded())]
    }
}
