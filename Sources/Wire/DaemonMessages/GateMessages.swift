// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the gate and the control plane say to each other.

/// From `torhaus-gate` to `torhausd`.
package enum GateToControl: Hashable, Sendable {
    /// First on every connection; after a restart of `torhausd` it names the sessions that went on without it.
    case hello(GateHello)
    /// MS-TSGU TUNNEL_CREATE, or Basic credentials: may this person use the gate?
    case authorizeTunnel(request: UInt32, AuthorizeTunnel)
    /// MS-TSGU CHANNEL_CREATE, or the browser's WebSocket: may this ticket open this desktop?
    case openSession(request: UInt32, OpenSession)
    /// A granted session's desktop connection could be made or not; sent once for each grant.
    case sessionStarted(SessionStarted)
    /// A session's connection ended; repeated after each hello until it is acknowledged.
    case sessionEnded(SessionEnded)
    /// Something that the security team wants to see, and that had no session.
    case incident(GateIncident)
    /// Sent when the line was silent; answered by `pong`.
    case ping(UInt32)
}

/// From `torhausd` to `torhaus-gate`.
package enum ControlToGate: Hashable, Sendable {
    /// The hello was understood.
    case welcome(protocolVersion: UInt8)
    case tunnelGranted(request: UInt32, TunnelGrant)
    case sessionGranted(request: UInt32, SessionGrant)
    /// Answers either request.
    case refused(request: UInt32, Refusal)
    /// The end of a session is recorded; the gate may forget it.
    case sessionEndRecorded(SessionID)
    /// End a session now.
    case terminate(SessionID, reason: TerminationReason)
    /// Show a text to the person (MS-TSGU service message; ignored where the client cannot).
    case serviceMessage(SessionID, text: String)
    /// Ask the client to prove itself again; the gate ends the session if that fails or takes too long.
    case reauthenticate(SessionID, withinSeconds: UInt32)
    case pong(UInt32)
}

/// The gate's introduction.
package struct GateHello: Hashable, Sendable {
    /// The gate's software version, for the log.
    package var version: String
    /// Sessions alive in this gate now.
    package var liveSessions: [SessionID]

    /// Takes every field as it is.
    package init(version: String, liveSessions: [SessionID]) {
        self.version = version
        self.liveSessions = liveSessions
    }
}

/// What a client shows to be let into a tunnel.
package enum TunnelCredential: Hashable, Sendable {
    /// The PAA cookie's text as UTF-8 bytes.
    case ticket([UInt8])
    /// HTTP Basic: user name and secret as sent (the secret is a ticket, or what PAM asks for).
    case basic(user: String, secret: [UInt8])
}

/// Why a tunnel is wanted.
package enum TunnelPurpose: Hashable, Sendable {
    case openSession
    /// MS-TSGU reauthentication of a running session.
    case reauthenticate(SessionID)
}

/// The question whether a client may use the gate.
package struct AuthorizeTunnel: Hashable, Sendable {
    /// Who asks.
    package var client: ClientContext
    /// What the client shows.
    package var credential: TunnelCredential
    /// Why it wants a tunnel.
    package var purpose: TunnelPurpose

    /// Takes every field as it is.
    package init(client: ClientContext, credential: TunnelCredential, purpose: TunnelPurpose) {
        self.client = client
        self.credential = credential
        self.purpose = purpose
    }
}

/// The client may use the gate.
package struct TunnelGrant: Hashable, Sendable {
    /// The ticket to open a session with: the same one, or one made for Basic credentials.
    package var ticket: [UInt8]
    /// HTTP_TUNNEL_REDIR flags ([MS-TSGU] 2.2.5.3.6): what the client must not redirect.
    package var redirection: UInt32
    /// Whole minutes, 0 for none; told to the client, enforced by the gate.
    package var idleMinutes: UInt32
    /// Shown by the client for consent before it goes on; empty for none.
    package var consentText: String

    /// Takes every field as it is.
    package init(ticket: [UInt8], redirection: UInt32, idleMinutes: UInt32, consentText: String = "") {
        self.ticket = ticket
        self.redirection = redirection
        self.idleMinutes = idleMinutes
        self.consentText = consentText
    }
}

/// What the desktop speaks.
package enum DesktopProtocol: UInt8, Hashable, Sendable, CaseIterable {
    case rdp = 1
    case vnc = 2
}

/// Whether this gate still has a connection that was opened with the same ticket.
package enum Predecessor: UInt8, Hashable, Sendable, CaseIterable {
    case none = 0
    /// The client still answers on it: this is parallel use.
    case alive = 1
    /// The line is dead or silent: this is a reconnect, and a grant replaces it.
    case broken = 2
}

/// The question whether a ticket opens a desktop.
package struct OpenSession: Hashable, Sendable {
    /// Who asks.
    package var client: ClientContext
    /// The right to open it, as the client showed it.
    package var ticket: [UInt8]
    /// What the client wants to speak.
    package var desktopProtocol: DesktopProtocol
    /// The resource names the client asked for, a trailing `:port` removed; empty for browser sessions.
    package var requestedNames: [String]
    /// 0 for browser sessions.
    package var requestedPort: UInt16
    /// What became of this ticket's earlier connection.
    package var predecessor: Predecessor

    /// Takes every field as it is.
    package init(
        client: ClientContext,
        ticket: [UInt8],
        desktopProtocol: DesktopProtocol,
        requestedNames: [String],
        requestedPort: UInt16,
        predecessor: Predecessor
    ) {
        self.client = client
        self.ticket = ticket
        self.desktopProtocol = desktopProtocol
        self.requestedNames = requestedNames
        self.requestedPort = requestedPort
        self.predecessor = predecessor
    }
}

/// Where a desktop answers.
package struct DesktopEndpoint: Hashable, Sendable {
    /// Host name or address.
    package var host: String
    /// TCP port.
    package var port: UInt16

    /// Takes every field as it is.
    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }
}

/// The session may start: where to, and for how long.
package struct SessionGrant: Hashable, Sendable {
    /// Names the session in all later messages.
    package var session: SessionID
    /// Tried in order, at least one.
    package var endpoints: [DesktopEndpoint]
    /// Seconds without a byte from the client's side; 0 for none.
    package var idleSeconds: UInt32
    /// Seconds until the session ends whatever happens; 0 for none.
    package var remainingSeconds: UInt32
    /// Seconds after which the client must prove itself again; 0 for never.
    package var reauthenticateSeconds: UInt32
    /// True when the session existed before: a broken connection of it is replaced.
    package var resumes: Bool

    /// Takes every field as it is.
    package init(
        session: SessionID,
        endpoints: [DesktopEndpoint],
        idleSeconds: UInt32,
        remainingSeconds: UInt32,
        reauthenticateSeconds: UInt32 = 0,
        resumes: Bool
    ) {
        self.session = session
        self.endpoints = endpoints
        self.idleSeconds = idleSeconds
        self.remainingSeconds = remainingSeconds
        self.reauthenticateSeconds = reauthenticateSeconds
        self.resumes = resumes
    }
}

/// Why something was refused; the gate turns each into the protocol's own code.
package enum RefusalCode: UInt8, Hashable, Sendable, CaseIterable {
    /// The ticket is unknown, expired, used up or revoked.
    case ticketInvalid = 1
    /// The ticket is missing or cannot be read.
    case ticketMalformed = 2
    /// The ticket belongs to another network.
    case wrongNetwork = 3
    /// Basic credentials are wrong (answered 401 again).
    case credentialsWrong = 4
    /// The policy does not let this person use the gate.
    case accessDenied = 5
    /// The policy, or the ticket, does not cover this desktop.
    case desktopDenied = 6
    /// The ticket is in use on a line that still answers.
    case alreadyConnected = 7
    /// A limit on sessions is reached.
    case tooManySessions = 8
    /// The control plane cannot decide or record now: fail closed.
    case unavailable = 9
    /// The desktop cannot be reached.
    case desktopUnreachable = 10
    /// Reauthentication failed.
    case reauthenticationFailed = 11
}

/// The answer no.
package struct Refusal: Hashable, Sendable {
    /// What the gate turns into the code of its protocol.
    package var code: RefusalCode
    /// What the help desk looks up, such as `R-7F3K-Q2`.
    package var reference: String
    /// One German sentence for the person, without jargon.
    package var text: String

    /// Takes every field as it is.
    package init(code: RefusalCode, reference: String, text: String) {
        self.code = code
        self.reference = reference
        self.text = text
    }
}

/// Whether the desktop of a granted session could be reached.
package struct SessionStarted: Hashable, Sendable {
    /// As in the grant.
    package var session: SessionID
    /// The address that answered, as text, or empty when none did.
    package var connectedTo: String

    /// Takes every field as it is.
    package init(session: SessionID, connectedTo: String) {
        self.session = session
        self.connectedTo = connectedTo
    }
}

/// How a session's connection ended.
package enum SessionEndReason: UInt8, Hashable, Sendable, CaseIterable {
    /// The client said CLOSE_CHANNEL, or closed the browser's WebSocket in order.
    case closedByClient = 1
    /// The client's line broke or closed without a word (native clients end this way too).
    case clientGone = 2
    case closedByDesktop = 3
    case desktopLost = 4
    case idleLimit = 5
    case sessionLimit = 6
    case terminatedByOperator = 7
    case accessWithdrawn = 8
    case signedOut = 9
    /// A reconnect with the same ticket took over.
    case replaced = 10
    case desktopUnreachable = 11
    case protocolViolation = 12
    case gateStopping = 13
    case reauthenticationFailed = 14
}

/// The end of a session's connection.
package struct SessionEnded: Hashable, Sendable {
    /// As in the grant.
    package var session: SessionID
    /// How it ended.
    package var reason: SessionEndReason
    /// Payload from the desktop, without the gate's own frames.
    package var bytesToClient: UInt64
    /// Payload from the client, without the gate's own frames.
    package var bytesToDesktop: UInt64
    /// From the grant to the end.
    package var durationMilliseconds: UInt64
    /// Milliseconds since 1970, by the gate's clock.
    package var endedAt: UInt64

    /// Takes every field as it is.
    package init(
        session: SessionID,
        reason: SessionEndReason,
        bytesToClient: UInt64,
        bytesToDesktop: UInt64,
        durationMilliseconds: UInt64,
        endedAt: UInt64
    ) {
        self.session = session
        self.reason = reason
        self.bytesToClient = bytesToClient
        self.bytesToDesktop = bytesToDesktop
        self.durationMilliseconds = durationMilliseconds
        self.endedAt = endedAt
    }
}

/// Why the control plane ends a session.
package enum TerminationReason: UInt8, Hashable, Sendable, CaseIterable {
    case operatorRequest = 1
    case accessWithdrawn = 2
    case signedOut = 3
    case sessionLimit = 4
}

/// What the gate turned away before there was a session.
package enum GateIncidentKind: UInt8, Hashable, Sendable, CaseIterable {
    case handshakeRefused = 1
    case unknownServerName = 2
    case clientCertificateRejected = 3
    case malformedRequest = 4
    case oversizeRequest = 5
    case slowRequest = 6
    case addressLimit = 7
    case protocolViolation = 8
    case foreignOrigin = 9
}

/// Something that was turned away before there was a session.
package struct GateIncident: Hashable, Sendable {
    /// What was turned away.
    package var kind: GateIncidentKind
    /// Where it came from.
    package var address: ClientAddress
    /// The connection, of a group the first one.
    package var correlation: CorrelationID
    /// How many of this kind this entry stands for (the gate groups bursts per address and second).
    package var count: UInt32
    /// A fixed, short reason; never bytes from the peer.
    package var detail: String

    /// Takes every field as it is.
    package init(
        kind: GateIncidentKind,
        address: ClientAddress,
        correlation: CorrelationID,
        count: UInt32,
        detail: String
    ) {
        self.kind = kind
        self.address = address
        self.correlation = correlation
        self.count = count
        self.detail = detail
    }
}
