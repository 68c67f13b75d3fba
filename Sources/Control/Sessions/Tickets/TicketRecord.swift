// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a ticket as it is kept, with the one session it opened.

package import DaemonMessages

/// Everything that is known about a ticket; the ticket's text is not.
package struct TicketRecord: Sendable, Hashable, Codable {
    /// SHA-256 of the ticket's bits.
    package let hash: [UInt8]
    /// Counts the changes; a writer must have seen the newest (`TicketStore.replace`).
    package var version: Int64
    package var standing: TicketStanding
    /// The person as PAM and NSS described her when she signed in.
    package let person: SignedInPerson
    /// Nil for tickets that Basic credentials made.
    package let web: WebSessionID?
    package let kind: OpeningKind
    /// `municipality/pool/desktop`; nil until a ticket made by Basic credentials has chosen one.
    package var desktop: String?
    /// The client's address at issue, 16 bytes.
    package let network: [UInt8]
    /// The machine that showed its certificate when the ticket was issued.
    package let device: ManagedDevice?
    /// Milliseconds since 1970.
    package let issuedAt: UInt64
    /// Milliseconds since 1970; counts only while unused.
    package let expiresAt: UInt64
    package var session: SessionRecord?

    package init(
        hash: [UInt8],
        person: SignedInPerson,
        web: WebSessionID?,
        kind: OpeningKind,
        desktop: String?,
        network: [UInt8],
        device: ManagedDevice? = nil,
        issuedAt: UInt64,
        expiresAt: UInt64
    ) {
        self.hash = hash
        self.version = 1
        self.standing = TicketStanding(.issued)
        self.person = person
        self.web = web
        self.kind = kind
        self.desktop = desktop
        self.network = network
        self.device = device
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
    }
}

/// A session: one person at one desktop, over every reconnect.
package struct SessionRecord: Sendable, Hashable, Codable {
    /// 16 bytes.
    package let id: [UInt8]
    /// Milliseconds since 1970.
    package let openedAt: UInt64
    /// The connection that opened or last resumed it, as 32 hexadecimal digits.
    package var correlation: String
    /// The client's address then.
    package var source: String
    package var transport: String
    /// The machine that opened or last resumed it; nil in records of version 0.1.
    package var client: AccessClient?
    /// The address that answered, as text.
    package var connectedTo: String = ""
    /// When the last grant was given, milliseconds since 1970.
    package var grantedAt: UInt64
    /// How many grants were given; tells one grant from the next.
    package var grants: Int64 = 1
    /// Connections that were granted and have not ended; two while a reconnect replaces a broken one.
    package var connections: Int64 = 1
    /// While interrupted: the end of the grace, milliseconds since 1970.
    package var graceUntil: UInt64?
    /// The last ends the gate reported, newest last; the gate repeats one until it is acknowledged.
    package var ends: [ConnectionEnd] = []
    package var bytesToClient: UInt64 = 0
    package var bytesToDesktop: UInt64 = 0

    package init(
        id: [UInt8],
        openedAt: UInt64,
        correlation: String,
        source: String,
        transport: String,
        client: AccessClient? = nil
    ) {
        self.id = id
        self.openedAt = openedAt
        self.grantedAt = openedAt
        self.correlation = correlation
        self.source = source
        self.transport = transport
        self.client = client
    }

    /// How many ends are remembered.
    ///
    /// A line that breaks more often than this between two acknowledgements does not exist.
    package static let rememberedEnds = 16
}

/// One reported end of a connection.
package struct ConnectionEnd: Sendable, Hashable, Codable {
    /// Milliseconds since 1970, by the gate's clock; with the reason it tells one end from another.
    package let at: UInt64
    /// `SessionEndReason`'s number.
    package let reason: UInt8
    /// The audit record of it is durable.
    package var recorded: Bool

    package init(at: UInt64, reason: UInt8, recorded: Bool) {
        self.at = at
        self.reason = reason
        self.recorded = recorded
    }
}

extension TicketRecord {
    /// The machine that rules about the running session are asked about.
    var client: AccessClient {
        session?.client ?? AccessClient(address: network, way: kind, device: device)
    }
}

extension SessionRecord {
    package var identifier: SessionID? { SessionID(bytes: id) }
}
