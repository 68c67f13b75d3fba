// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the gate's sizes, the paths and the users of the daemons.

extension Configuration {
    /// The section `gate`.
    package struct Gate: Hashable, Sendable {
        /// HTTP Basic credentials may open a tunnel.
        package let basic: Bool
        /// Whether the server's direction of the legacy transport is chunked.
        package let chunkedOut: Bool
        package let relayThreads: Int
        package let handshakeThreads: Int
        package let maxConnections: Int
        package let halfOpenPerAddress: Int
        package let keepalive: Duration
        /// For a request head after the handshake.
        package let requestHead: Duration
        /// From the first request to the channel of a native session.
        package let tunnel: Duration
        /// For the connection to a desktop.
        package let connect: Duration
        /// For the TLS handshake.
        package let handshake: Duration

        /// All parts; the defaults are those of torhaus.yaml.
        package init(
            basic: Bool = false,
            chunkedOut: Bool = false,
            relayThreads: Int = 2,
            handshakeThreads: Int = 1,
            maxConnections: Int = 8000,
            halfOpenPerAddress: Int = 50,
            keepalive: Duration = .seconds(30),
            requestHead: Duration = .seconds(10),
            tunnel: Duration = .seconds(60),
            connect: Duration = .seconds(10),
            handshake: Duration = .seconds(10)
        ) {
            self.basic = basic
            self.chunkedOut = chunkedOut
            self.relayThreads = relayThreads
            self.handshakeThreads = handshakeThreads
            self.maxConnections = maxConnections
            self.halfOpenPerAddress = halfOpenPerAddress
            self.keepalive = keepalive
            self.requestHead = requestHead
            self.tunnel = tunnel
            self.connect = connect
            self.handshake = handshake
        }
    }

    /// The section `paths`, all absolute after loading.
    package struct Paths: Hashable, Sendable {
        /// Directory of what must outlive a restart.
        package let state: String
        /// Directory of the sockets.
        package let run: String
        /// Directory of noVNC.
        package let novnc: String
        /// Directory of the municipalities' files.
        package let municipalities: String
        /// Directory of the guardrails, *.cedar.
        package let policies: String

        /// All parts; the defaults are those of torhaus.yaml.
        package init(
            state: String = "/var/lib/torhaus",
            run: String = "/run/torhaus",
            novnc: String = "/usr/share/novnc",
            municipalities: String = "/etc/torhaus/municipalities",
            policies: String = "/etc/torhaus/policies"
        ) {
            self.state = state
            self.run = run
            self.novnc = novnc
            self.municipalities = municipalities
            self.policies = policies
        }

        /// `torhausd` listens, the gate connects.
        package var gateLinkSocket: String { "\(run)/gate-link.sock" }
        /// `torhausd` listens for HTTP behind the gate.
        package var portalSocket: String { "\(run)/portal.sock" }
        /// `torhaus-authd` listens, `torhausd` connects.
        package var authSocket: String { "\(run)/auth.sock" }
        /// `torhausd` listens, the operator's tool connects.
        package var controlSocket: String { "\(run)/control.sock" }
        /// Records that wait for the audit log, for `torhausd` alone.
        package var auditSpool: String { "\(state)/audit.spool" }
    }

    /// The section `users`: whom the daemons believe (SO_PEERCRED).
    package struct Users: Hashable, Sendable {
        /// The gate runs as.
        package let gate: String
        /// `torhausd` runs as.
        package let control: String
        /// `torhaus-authd` runs as.
        package let auth: String
        /// `torhaus-auditd` runs as.
        package let audit: String
        /// Who may use the control socket besides root.
        package let operators: [String]

        /// All parts; the defaults are those of torhaus.yaml.
        package init(
            gate: String = "torhaus-gate",
            control: String = "torhaus",
            auth: String = "root",
            audit: String = "torhaus-audit",
            operators: [String] = []
        ) {
            self.gate = gate
            self.control = control
            self.auth = auth
            self.audit = audit
            self.operators = operators
        }
    }
}
