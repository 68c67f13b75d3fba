// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads which files hold certificates, and remembers where each is named.

/// Reads the sections `tls` and `rdp_signing`.
struct CertificateReader {
    /// Files with the key path and place that name them.
    typealias Named = [String: (key: String, place: Place)]

    /// Where relative paths start.
    let directory: String

    /// The section `tls`.
    func tls(_ section: inout Section) -> (Configuration.TLS, Named) {
        var named: Named = [:]
        let profile = section.choice("profile", default: Configuration.TLS.Profile.bsi)
        let cipher = section.choice("record_cipher", default: Configuration.TLS.RecordCipher.auto)
        let elements = section.requiredElements(
            "certificates",
            hint: "certificates: [{chain: /etc/torhaus/tls/gate.pem, key: /etc/torhaus/tls/gate.key}]"
        )
        var certificates: [Configuration.CertificatePair] = []
        for element in section.sections(elements) {
            var element = element
            if let pair = pair(&element, &named) { certificates.append(pair) }
        }
        let unknownName = section.choice("unknown_name", default: Configuration.TLS.UnknownName.refuse)
        let authority = section.value("client_authority").flatMap { value in
            file(value, "client_authority", section, &named)
        }
        section.finish()
        let tls = Configuration.TLS(
            profile: profile,
            recordCipher: cipher,
            certificates: certificates,
            unknownName: unknownName,
            clientAuthority: authority
        )
        return (tls, named)
    }

    /// The section `rdp_signing`, which may be missing.
    func signing(_ file: inout Section) -> (Configuration.CertificatePair?, Named) {
        var named: Named = [:]
        guard file.has("rdp_signing") else {
            _ = file.value("rdp_signing")
            file.findings.warning(
                nil,
                "rdp_signing",
                ".rdp files are not signed",
                hint:
                    "clients warn of an unknown publisher and switch redirections off; see docs/configuration.md"
            )
            return (nil, named)
        }
        var section = file.section("rdp_signing")
        let pair = pair(&section, &named)
        return (pair, named)
    }

    private func pair(_ section: inout Section, _ named: inout Named) -> Configuration.CertificatePair? {
        let chain = section.required("chain").flatMap { file($0, "chain", section, &named) }
        let key = section.required("key").flatMap { file($0, "key", section, &named) }
        section.finish()
        guard let chain, let key else { return nil }
        return Configuration.CertificatePair(chain: chain, key: key)
    }

    private func file(_ value: YAMLValue, _ key: String, _ section: Section, _ named: inout Named) -> String?
    {
        guard let path = section.path(value, key, in: directory) else { return nil }
        if named[path] == nil { named[path] = (section.path(key), value.place) }
        return path
    }
}
