// SPDX-License-Identifier: EUPL-1.2
// Torhaus: Configuration turns torhaus.yaml and the municipalities' files into one immutable value. Every mistake is found at once and named with file, line, key and a hint.

/// Everything the operator has decided; read once, never changed.
package struct Configuration: Hashable, Sendable {
    /// The county's name as people read it.
    package let county: String
    /// Names clients use, lower case, at least one; the first is the default in .rdp files.
    package let publicNames: [String]
    /// The port clients connect to, which may differ from `listen` behind a port forwarding.
    package let publicPort: Int
    /// Where the gate listens.
    package let listen: [Endpoint]
    package let tls: TLS
    /// What .rdp files are signed with; nil: they are unsigned.
    package let rdpSigning: CertificatePair?
    package let sessions: Sessions
    package let signIn: SignIn
    package let gate: Gate
    package let paths: Paths
    package let users: Users
    /// What rules speak about beside municipalities.
    package let policy: Policy
    package let audit: Audit
    /// In the order of their file names.
    package let municipalities: [Municipality]
    /// What should be mended and does not stop the start.
    package let warnings: [ConfigurationProblem]

    /// All parts; those with a default have that of torhaus.yaml.
    package init(
        county: String,
        publicNames: [String],
        publicPort: Int = 443,
        listen: [Endpoint] = [Endpoint(host: "::", port: 443)],
        tls: TLS,
        rdpSigning: CertificatePair? = nil,
        sessions: Sessions = Sessions(),
        signIn: SignIn = SignIn(),
        gate: Gate = Gate(),
        paths: Paths = Paths(),
        users: Users = Users(),
        policy: Policy = Policy(),
        audit: Audit? = nil,
        municipalities: [Municipality],
        warnings: [ConfigurationProblem] = []
    ) {
        self.county = county
        self.publicNames = publicNames
        self.publicPort = publicPort
        self.listen = listen
        self.tls = tls
        self.rdpSigning = rdpSigning
        self.sessions = sessions
        self.signIn = signIn
        self.gate = gate
        self.paths = paths
        self.users = users
        self.policy = policy
        self.audit = audit ?? Audit(origin: "\(publicNames.first ?? "localhost")/audit")
        self.municipalities = municipalities
        self.warnings = warnings
    }

    /// All desktops of the county with where they belong, in the order of the files.
    package var desktops: [PlacedDesktop] {
        municipalities.flatMap { municipality in
            municipality.pools.flatMap { pool in
                pool.desktops.map { PlacedDesktop(municipality: municipality, pool: pool, desktop: $0) }
            }
        }
    }
}

/// A desktop together with its pool and municipality.
package struct PlacedDesktop: Hashable, Sendable {
    package let municipality: Configuration.Municipality
    package let pool: Configuration.Pool
    package let desktop: Configuration.Desktop

    /// Puts the three together.
    package init(
        municipality: Configuration.Municipality,
        pool: Configuration.Pool,
        desktop: Configuration.Desktop
    ) {
        self.municipality = municipality
        self.pool = pool
        self.desktop = desktop
    }
}
