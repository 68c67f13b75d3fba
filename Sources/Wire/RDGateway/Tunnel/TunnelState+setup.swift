// SPDX-License-Identifier: EUPL-1.2
// Torhaus: from the first packet to a granted tunnel.

/// Nothing has come yet.
struct InitialState: Sendable {
    let configuration: TunnelConfiguration

    /// Agrees on the version and on the proof ([MS-TSGU] 2.2.10.10, 2.2.10.11).
    func receive(_ request: HandshakeRequest) -> TunnelStep {
        // A higher minor version may add, not change; the answer says 1.0 and the client has to live with it.
        guard request.version.major == ProtocolVersion.current.major else {
            return refuse(.capabilityMismatch)
        }
        switch configuration.authentication {
        case .cookie:
            guard !request.authentication.isEmpty else { return refuse(.capabilityMismatch) }
            guard request.authentication.contains(.cookie) else {
                return refuse(.unsupportedAuthenticationMethod)
            }
            return accept(.cookie)
        case .header:
            // Clients that proved themselves in the header refuse an answer other than 0.
            guard request.authentication.isEmpty else { return refuse(.unsupportedAuthenticationMethod) }
            return accept([])
        }
    }

    private func accept(_ method: ExtendedAuthentication) -> TunnelStep {
        let response = HandshakeResponse(authentication: method)
        return TunnelStep(.handshaken(HandshakenState(after: self)), [.send(response.encoded())])
    }

    /// The answer names what would have been accepted.
    private func refuse(_ error: ProxyError) -> TunnelStep {
        let offered: ExtendedAuthentication = configuration.authentication == .cookie ? .cookie : []
        let response = HandshakeResponse(status: HResult(error), authentication: offered)
        return .end(.refused(error), after: response.encoded())
    }
}

/// Version and proof are agreed on.
struct HandshakenState: Sendable {
    let configuration: TunnelConfiguration

    init(after previous: InitialState) { configuration = previous.configuration }

    /// Takes the proof and asks the owner ([MS-TSGU] 2.2.10.18, 3.2.6.1.1 for the cookie's rules).
    func receive(_ request: TunnelCreate) -> TunnelStep {
        var cookie: TunnelCookie?
        switch configuration.authentication {
        case .cookie:
            guard let blob = request.cookie, let proof = TunnelCookie(paaCookie: blob) else {
                return refuse()
            }
            cookie = proof
        case .header:
            // Two proofs could name two people.
            guard request.cookie == nil else { return refuse() }
        }
        let next = AwaitingGrantState(after: self, request)
        switch next.use {
        case .session:
            let action = TunnelAction.authorizeTunnel(cookie: cookie, capabilities: request.capabilities)
            return TunnelStep(.awaitingGrant(next), [action])
        case .reauthentication(let context):
            return TunnelStep(.awaitingGrant(next), [.reauthenticate(context: context, cookie: cookie)])
        }
    }

    private func refuse() -> TunnelStep {
        let response = TunnelResponse(status: HResult(.cookieBadPacket))
        return .end(.refused(.cookieBadPacket), after: response.encoded())
    }
}

/// The owner decides on the tunnel.
struct AwaitingGrantState: Sendable {
    let tunnelID: UInt32
    /// What both sides can do.
    let capabilities: Capabilities
    let use: TunnelUse

    init(after previous: HandshakenState, _ request: TunnelCreate) {
        tunnelID = previous.configuration.tunnelID
        capabilities = previous.configuration.capabilities.intersection(request.capabilities)
        if let context = request.reauthenticationContext {
            use = .reauthentication(context: context)
        } else {
            use = .session
        }
    }

    func granted(_ terms: TunnelTerms) -> TunnelStep {
        let asksConsent = capabilities.contains(.consent) && !terms.consentText.isEmpty
        let response = TunnelResponse(
            tunnelID: tunnelID,
            // The idle timeout is sent to every client, so it is always announced; FreeRDP skips it.
            capabilities: capabilities.union(.idleTimeout),
            consent: asksConsent ? UnicodeString(clipping: terms.consentText) : nil
        )
        let next = TunnelCreatedState(after: self, terms)
        return TunnelStep(.tunnelCreated(next), [.send(response.encoded())])
    }

    func refused(_ error: ProxyError) -> TunnelStep {
        .end(.refused(error), after: TunnelResponse(status: HResult(error)).encoded())
    }
}
