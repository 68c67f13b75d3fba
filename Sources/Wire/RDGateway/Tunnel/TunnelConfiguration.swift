// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what a tunnel is told at its beginning and at its grant.

/// How a client has to prove itself.
package enum TunnelAuthentication: Hashable, Sendable {
    /// By the PAA cookie in TUNNEL_CREATE.
    case cookie
    /// By the HTTP request's header, which was accepted before the tunnel began.
    case header
}

/// What the server's side of a tunnel is told at its beginning.
package struct TunnelConfiguration: Hashable, Sendable {
    /// The proof that is asked for.
    package var authentication: TunnelAuthentication
    /// What the server can do; the tunnel may use what the client can do as well.
    package var capabilities: Capabilities
    /// Any number; the client only stores it.
    package var tunnelID: UInt32

    /// A configuration for one connection.
    package init(
        authentication: TunnelAuthentication,
        capabilities: Capabilities = [.idleTimeout, .consent, .serviceMessage, .reauthentication],
        tunnelID: UInt32 = 1
    ) {
        self.authentication = authentication
        self.capabilities = capabilities
        self.tunnelID = tunnelID
    }
}

/// Under which terms a tunnel is granted.
package struct TunnelTerms: Hashable, Sendable {
    /// What the client is asked not to redirect.
    package var redirection: RedirectionFlags
    /// Whole minutes, 0 for none.
    ///
    /// Told to the client, kept by the gate.
    package var idleMinutes: UInt32
    /// Shown before the session, empty for none.
    ///
    /// Clients without `Capabilities.consent` never get it, and
    /// xfreerdp asks for it on its standard input.
    package var consentText: String

    /// Terms; without any, nothing is restricted.
    package init(redirection: RedirectionFlags = [], idleMinutes: UInt32 = 0, consentText: String = "") {
        self.redirection = redirection
        self.idleMinutes = idleMinutes
        self.consentText = consentText
    }
}
