// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the processes say to each other. This file: the names of things that cross a process border.

internal import ByteCoding

/// 128 random bits that name one desktop session, from its first opening over every reconnect to its end.
package struct SessionID: Hashable, Sendable {
    /// Exactly 16 bytes.
    package let bytes: [UInt8]

    /// Nil unless there are exactly 16 bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        self.bytes = bytes
    }
}

/// 128 random bits that tie together everything that one TLS connection caused, from accept to the end.
package struct CorrelationID: Hashable, Sendable {
    // Two numbers instead of an array: the gate keeps one for each idle connection.
    private let high: UInt64
    private let low: UInt64

    /// Nil unless there are exactly 16 bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Exactly 16 bytes.
    package var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.u64BE(high)
        writer.u64BE(low)
        return writer.written
    }
}

/// A client's network address as the gate saw it.
package struct ClientAddress: Hashable, Sendable {
    /// IPv6 form, 16 bytes; IPv4 addresses as `::ffff:a.b.c.d`.
    package let bytes: [UInt8]
    /// TCP port.
    package let port: UInt16

    /// Nil unless there are exactly 16 bytes.
    package init?(bytes: [UInt8], port: UInt16) {
        guard bytes.count == 16 else { return nil }
        self.bytes = bytes
        self.port = port
    }
}

/// What became of the client certificate that the gate asked for.
package enum ClientCertificate: Hashable, Sendable {
    /// None was presented, or none was asked for.
    case none
    /// The chain verified against the configured authority.
    case verified(subject: String, sha256: [UInt8])
    /// One was presented, and it did not verify.
    case failed(reason: String)
}

/// Who is at the other end of a connection, as far as the gate knows.
package struct ClientContext: Hashable, Sendable {
    /// Where the client connects from.
    package var address: ClientAddress
    /// Names the TLS connection in all logs.
    package var correlation: CorrelationID
    /// `TLSv1.3` or `TLSv1.2`.
    package var tlsVersion: String
    /// The server name the client asked for (SNI), or empty.
    package var serverName: String
    /// What became of its certificate.
    package var certificate: ClientCertificate
    /// How its bytes reach the gate.
    package var transport: ClientTransport
    /// The request's `User-Agent`, cut at 256 bytes.
    package var userAgent: String
    /// What the client calls itself in TUNNEL_AUTH, or empty.
    package var clientName: String

    /// Takes every field as it is.
    package init(
        address: ClientAddress,
        correlation: CorrelationID,
        tlsVersion: String = "",
        serverName: String = "",
        certificate: ClientCertificate = .none,
        transport: ClientTransport,
        userAgent: String = "",
        clientName: String = ""
    ) {
        self.address = address
        self.correlation = correlation
        self.tlsVersion = tlsVersion
        self.serverName = serverName
        self.certificate = certificate
        self.transport = transport
        self.userAgent = userAgent
        self.clientName = clientName
    }
}

/// How a session's bytes reach the gate.
package enum ClientTransport: UInt8, Hashable, Sendable, CaseIterable {
    /// MS-TSGU over WebSocket.
    case gatewayWebSocket = 1
    /// MS-TSGU over RDG_OUT_DATA and RDG_IN_DATA.
    case gatewayLegacy = 2
    /// RFB over WebSocket, from the portal's page.
    case browser = 3
}
