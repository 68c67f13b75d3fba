// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the PROXY protocol, version 2, of HAProxy's specification. The gate puts it before each connection to
// the portal, so that the portal knows the client's address and certificate.

/// The bounds of a PROXY header.
package enum ProxyLimits {
    /// Bytes of a whole header; ours stays below 1,000, HAProxy's below 536.
    package static let header = 2048
    /// Bytes of the server name (RFC 6066 section 3).
    package static let authority = 255
    /// Bytes of a TLS version's text.
    package static let tlsVersion = 16
    /// Bytes of a certificate's common name: 64 letters (X.520) of at most four bytes.
    package static let commonName = 256
}

/// One end of a connection.
package struct ProxyEndpoint: Hashable, Sendable {
    /// 4 bytes for IPv4, 16 for IPv6.
    package let address: [UInt8]
    /// TCP port.
    package let port: UInt16

    /// Nil unless the address has 4 or 16 bytes; `::ffff:a.b.c.d` becomes `a.b.c.d`.
    package init?(address: [UInt8], port: UInt16) {
        guard address.count == 4 || address.count == 16 else { return nil }
        let isMapped = address.count == 16 && address.starts(with: Self.mappedPrefix)
        self.address = isMapped ? Array(address.dropFirst(Self.mappedPrefix.count)) : address
        self.port = port
    }

    /// The address as IPv6, an IPv4 address as `::ffff:a.b.c.d`.
    package var mappedAddress: [UInt8] {
        address.count == 16 ? address : Self.mappedPrefix + address
    }

    private static let mappedPrefix: [UInt8] = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
}

/// What the gate knows of the client's TLS (PP2_TYPE_SSL).
package struct ProxyTLS: Hashable, Sendable {
    /// `TLSv1.3` or `TLSv1.2`.
    package var version: String
    /// Whether there was a client certificate, verified or not.
    package var clientCertificatePresented: Bool
    /// False without a certificate.
    package var verified: Bool
    /// The certificate's common name; nil when none was given.
    package var commonName: String?

    /// `verified` counts only with a certificate.
    package init(
        version: String,
        clientCertificatePresented: Bool = false,
        verified: Bool = false,
        commonName: String? = nil
    ) {
        self.version = version
        self.clientCertificatePresented = clientCertificatePresented
        self.verified = verified && clientCertificatePresented
        self.commonName = commonName
    }
}

/// Both ends of a connection; neither is there when the gate speaks for itself.
package struct ProxyAddresses: Hashable, Sendable {
    /// The client.
    package var source: ProxyEndpoint
    /// Where the client connected to.
    package var destination: ProxyEndpoint

    /// Takes every field as it is.
    package init(source: ProxyEndpoint, destination: ProxyEndpoint) {
        self.source = source
        self.destination = destination
    }
}

/// A PROXY header as the gate and the portal use it.
package struct ProxyHeader: Hashable, Sendable {
    /// Nil for the command LOCAL: the sender's own connection, such as a health check.
    package var addresses: ProxyAddresses?
    /// The server name the client asked for (PP2_TYPE_AUTHORITY); ASCII without spaces.
    package var authority: String?
    /// What the gate knows of the client's TLS.
    package var tls: ProxyTLS?
    /// 16 bytes that name the TLS connection in the log (0xE0, of our own).
    package var correlation: [UInt8]?
    /// SHA-256 of the verified client certificate, 32 bytes (0xE1, of our own).
    package var certificateSHA256: [UInt8]?

    /// Takes every field as it is.
    package init(
        addresses: ProxyAddresses?,
        authority: String? = nil,
        tls: ProxyTLS? = nil,
        correlation: [UInt8]? = nil,
        certificateSHA256: [UInt8]? = nil
    ) {
        self.addresses = addresses
        self.authority = authority
        self.tls = tls
        self.correlation = correlation
        self.certificateSHA256 = certificateSHA256
    }

    /// Whether the sender speaks for itself.
    package var isLocal: Bool { addresses == nil }
}

/// The numbers of the specification.
enum ProxyWire {
    static let signature: [UInt8] = [
        0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
    ]
    /// Signature 12, version and command 1, family 1, length 2.
    static let fixedSize = 12 + 1 + 1 + 2

    static let local: UInt8 = 0x20
    static let proxy: UInt8 = 0x21
    static let unspecified: UInt8 = 0x00
    static let tcp4: UInt8 = 0x11
    static let tcp6: UInt8 = 0x21

    static let authority: UInt8 = 0x02
    static let tls: UInt8 = 0x20
    static let tlsVersion: UInt8 = 0x21
    static let commonName: UInt8 = 0x22
    static let correlation: UInt8 = 0xE0
    static let certificateSHA256: UInt8 = 0xE1

    /// PP2_CLIENT_SSL.
    static let clientTLS: UInt8 = 0x01
    /// PP2_CLIENT_CERT_CONN and PP2_CLIENT_CERT_SESS.
    static let clientCertificate: UInt8 = 0x02 | 0x04

    static let correlationSize = 16
    static let sha256Size = 32

    /// Printable ASCII without spaces, as names in TLS are.
    static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { 0x20 < $0 && $0 < 0x7F }
    }

    /// No control characters, which would harm logs.
    static func isText(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }
}
