// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads torhaus.yaml, section by section, with the places that later checks want to name.

internal import DaemonSettings

/// What torhaus.yaml says, and where.
struct CountyFile {
    let county: String
    let publicNames: [String]
    let publicPort: Int
    let listen: [Configuration.Endpoint]
    let tls: Configuration.TLS
    let rdpSigning: Configuration.CertificatePair?
    let sessions: Configuration.Sessions
    let signIn: Configuration.SignIn
    let gate: Configuration.Gate
    let paths: Configuration.Paths
    let users: Configuration.Users
    /// All but the guardrails, which are files of their own.
    let policy: Configuration.Policy
    /// Where the directory of guardrails is named; nil when it is the usual one.
    let policiesPlace: Place?
    let audit: Configuration.Audit
    /// Where each file of a certificate is named.
    private(set) var named: [String: (key: String, place: Place)] = [:]
    /// Where the public names are.
    private(set) var publicNamesPlace: Place

    /// Reads all keys; `directory` is where relative paths start.
    init(_ root: YAMLValue, _ findings: Findings, directory: String) {
        var file = Section(root, path: "", findings: findings)
        county = Self.county(&file)
        publicNamesPlace = file.place(of: "public_names")
        publicNames = Self.publicNames(&file)
        publicPort = file.integer("public_port", SettingsLimits.port, default: 443)
        listen = Self.listen(&file)

        var tlsSection = file.section("tls")
        let reader = CertificateReader(directory: directory)
        let (tls, tlsFiles) = reader.tls(&tlsSection)
        self.tls = tls
        let (signing, signingFiles) = reader.signing(&file)
        rdpSigning = signing
        named = tlsFiles.merging(signingFiles) { first, _ in first }

        var section = file.section("sessions")
        sessions = Self.sessions(&section)
        section = file.section("sign_in")
        signIn = Self.signIn(&section, directory: directory)
        section = file.section("gate")
        gate = Self.gate(&section)
        section = file.section("paths")
        policiesPlace = section.has("policies") ? section.place(of: "policies") : nil
        paths = Self.paths(&section, directory: directory)
        section = file.section("users")
        users = Self.users(&section)
        policy = PolicyReader(file: findings.file).policy(&file)
        section = file.section("audit")
        audit = AuditReader(directory: directory, publicNames: publicNames, run: paths.run).read(&section)
        file.finish()
    }

    // MARK: Names and addresses

    private static func county(_ file: inout Section) -> String {
        guard let value = file.required("county", hint: "county: Landkreis Beispiel") else { return "" }
        return file.line(value, "county", limit: ConfigurationLimits.titleBytes) ?? ""
    }

    private static func publicNames(_ file: inout Section) -> [String] {
        let elements = file.requiredElements("public_names", hint: "public_names: [gate.example]")
        return file.unique(elements.map { ($0, file.text($0.value, $0.key, .hostName)?.lowercased()) })
    }

    private static func listen(_ file: inout Section) -> [Configuration.Endpoint] {
        let fallback = [Configuration.Endpoint(host: "::", port: 443)]
        guard let elements = file.elements("listen") else { return fallback }
        let texts = file.unique(elements.map { ($0, file.text($0.value, $0.key, .listenAddress)) })
        return texts.compactMap { NetworkEndpoint($0).map { .init(host: $0.host, port: $0.port) } }
    }
}

/// Paths as files write them.
enum PathText {
    /// An absolute path; relative ones start at the directory.
    static func absolute(_ path: String, in directory: String) -> String {
        var rest = path[...]
        while 1 < rest.count, rest.hasSuffix("/") { rest = rest.dropLast() }
        guard !rest.hasPrefix("/") else { return String(rest) }
        while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
        return directory == "/" ? "/\(rest)" : "\(directory)/\(rest)"
    }

    /// The directory a file is in.
    static func directory(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        let head = path[..<slash]
        return head.isEmpty ? "/" : String(head)
    }
}

extension Section {
    /// A path made absolute, or nil.
    func path(_ value: YAMLValue, _ key: String, in directory: String) -> String? {
        guard let text = line(value, key, limit: SettingsLimits.pathBytes) else { return nil }
        let absolute = PathText.absolute(text, in: directory)
        if let complaint = SettingsForm.path.complaint(about: absolute) {
            findings.error(value.place, path(key), complaint)
            return nil
        }
        return absolute
    }
}
