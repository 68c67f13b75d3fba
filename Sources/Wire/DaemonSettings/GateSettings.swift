// SPDX-License-Identifier: EUPL-1.2
// Torhaus: DaemonSettings reads and writes the small settings files of the gate and the auth worker. It is pure: text in, value or every mistake out.

/// Everything `torhaus-gate` is told; written by `torhaus render gate`, read once at the start and on SIGHUP.
package struct GateSettings: Hashable, Sendable {
    /// Which cipher suites, groups and versions TLS offers.
    package enum Profile {
        /// BSI TR-02102-2.
        package static let bsi = "bsi"
        /// TLS 1.3 with today's defaults of the library.
        package static let modern = "modern"
        /// What `profile` may say.
        package static let all = [bsi, modern]
    }

    /// Whose AES-GCM encrypts records.
    package enum RecordCipher {
        /// libipsec-mb where it is installed and the processor suits it, else OpenSSL.
        package static let auto = "auto"
        /// OpenSSL in any case.
        package static let openssl = "openssl"
        /// What `record_cipher` may say.
        package static let all = [auto, openssl]
    }

    /// A certificate chain (PEM) and its private key (PEM).
    package struct Certificate: Hashable, Sendable {
        /// Leaf first, then the authorities between it and the root.
        package var chain: String
        package var key: String

        /// Two absolute paths.
        package init(chain: String, key: String) {
            self.chain = chain
            self.key = key
        }
    }

    /// `ADDRESS:PORT` with a literal address, such as `[::]:443` or `0.0.0.0:8443`; at least one.
    package var listen: [String]
    /// One of `Profile.all`.
    package var profile: String
    /// One of `RecordCipher.all`.
    package var recordCipher: String
    /// At least one; the first serves clients without a server name.
    package var certificates: [Certificate]
    /// True: a handshake with a server name that no certificate has is refused.
    package var refuseUnknownName: Bool
    /// PEM file of the authority whose client certificates count; nil: none is asked for.
    package var clientAuthority: String?
    /// The names clients use, the first is the default; at least one.
    package var publicNames: [String]
    package var publicPort: Int
    /// `unix:/run/torhaus/portal.sock` or `tcp:127.0.0.1:8080`.
    package var portalUpstream: String
    /// Path of the socket where `torhausd` listens for the gate.
    package var gateLink: String
    /// The user `torhausd` must run as for the gate to believe it.
    package var allowedControlUser: String
    /// True: HTTP Basic credentials may open a tunnel.
    package var basic: Bool
    /// True: legacy OUT responses are chunked; false: they end with their connection.
    package var chunkedOut: Bool
    package var relayThreads: Int
    package var handshakeThreads: Int
    package var maxConnections: Int
    /// Connections of one client address (IPv6: its /64) that have not yet shown a valid request.
    package var halfOpenPerAddress: Int
    /// Silence on a tunnel after which the gate sends a keepalive of the protocol in use.
    package var keepaliveSeconds: Int
    /// From the end of the handshake to the last byte of a request head.
    package var requestHeadSeconds: Int
    /// From the first request to the channel of a native session.
    package var tunnelSeconds: Int
    /// For the TCP connection to a desktop.
    package var connectSeconds: Int
    /// For the TLS handshake.
    package var handshakeSeconds: Int

    /// All fields; the defaults are those of torhaus.yaml.
    package init(
        listen: [String] = ["[::]:443"],
        profile: String = Profile.bsi,
        recordCipher: String = RecordCipher.auto,
        certificates: [Certificate],
        refuseUnknownName: Bool = true,
        clientAuthority: String? = nil,
        publicNames: [String],
        publicPort: Int = 443,
        portalUpstream: String = "unix:/run/torhaus/portal.sock",
        gateLink: String = "/run/torhaus/gate-link.sock",
        allowedControlUser: String = "torhaus",
        basic: Bool = false,
        chunkedOut: Bool = false,
        relayThreads: Int = 2,
        handshakeThreads: Int = 1,
        maxConnections: Int = 8000,
        halfOpenPerAddress: Int = 50,
        keepaliveSeconds: Int = 30,
        requestHeadSeconds: Int = 10,
        tunnelSeconds: Int = 60,
        connectSeconds: Int = 10,
        handshakeSeconds: Int = 10
    ) {
        self.listen = listen
        self.profile = profile
        self.recordCipher = recordCipher
        self.certificates = certificates
        self.refuseUnknownName = refuseUnknownName
        self.clientAuthority = clientAuthority
        self.publicNames = publicNames
        self.publicPort = publicPort
        self.portalUpstream = portalUpstream
        self.gateLink = gateLink
        self.allowedControlUser = allowedControlUser
        self.basic = basic
        self.chunkedOut = chunkedOut
        self.relayThreads = relayThreads
        self.handshakeThreads = handshakeThreads
        self.maxConnections = maxConnections
        self.halfOpenPerAddress = halfOpenPerAddress
        self.keepaliveSeconds = keepaliveSeconds
        self.requestHeadSeconds = requestHeadSeconds
        self.tunnelSeconds = tunnelSeconds
        self.connectSeconds = connectSeconds
        self.handshakeSeconds = handshakeSeconds
    }
}
