// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the certificates' judge says stands where the file is named.

import Testing

@testable import CountyConfiguration

struct CertificateFindingsTests {
    private func checks(
        server: [CertificateChecks.Finding] = [],
        signing: [CertificateChecks.Finding] = [],
        names: [String]? = ["gate.example", "tor.example"]
    ) -> CertificateChecks {
        CertificateChecks(server: { _ in server }, signing: { _ in signing }, names: { _ in names })
    }

    @Test("an error stops the start and names the key of the file")
    func errors() throws {
        let error = try #require(throws: ConfigurationError.self) {
            try Example.load(
                certificates: checks(
                    server: [.init(isError: true, file: "/etc/torhaus/tls/gate.key", text: "wrong key")],
                    signing: [.init(isError: true, file: "/etc/torhaus/tls/rdp.pem", text: "expired")]
                )
            )
        }
        #expect(
            error.description == """
                /etc/torhaus/torhaus.yaml:9:12: tls.certificates[0].key: /etc/torhaus/tls/gate.key: wrong key
                /etc/torhaus/torhaus.yaml:13:10: rdp_signing.chain: /etc/torhaus/tls/rdp.pem: expired
                """
        )
    }

    @Test("a warning does not stop the start")
    func warnings() throws {
        let finding = CertificateChecks.Finding(isError: false, file: "/etc/torhaus/tls/ca.pem", text: "old")
        let loaded = try Example.load(certificates: checks(server: [finding]))
        #expect(loaded.warnings.map(\.key) == ["tls.client_authority"])
    }

    struct Names: CustomTestStringConvertible, Sendable {
        let names: [String]?
        let missing: [String]
        var testDescription: String { "\(names ?? [])" }
    }

    @Test(
        "a public name that no certificate has is found",
        arguments: [
            Names(names: ["gate.example", "tor.example"], missing: []),
            Names(names: ["*.example"], missing: []),
            Names(names: ["gate.example"], missing: ["no certificate has the name tor.example"]),
            Names(
                names: ["*.gate.example", "example"],
                missing: [
                    "no certificate has the name gate.example", "no certificate has the name tor.example",
                ]
            ),
            // Unreadable: that is a finding of its own.
            Names(names: nil, missing: []),
        ]
    )
    func coverage(names: Names) throws {
        let warned = try Example.load(certificates: checks(names: names.names))
        #expect(warned.warnings.map(\.message) == names.missing)
        let strict = Example.county.replacing("unknown_name: default", with: "unknown_name: refuse")
        if names.missing.isEmpty {
            #expect(
                try Example.load(county: strict, certificates: checks(names: names.names)).warnings.isEmpty
            )
        } else {
            let error = try #require(throws: ConfigurationError.self) {
                try Example.load(county: strict, certificates: checks(names: names.names))
            }
            #expect(error.problems.map(\.message) == names.missing)
        }
    }

    @Test("a signing certificate that cannot be read is an error for the check, a warning for the daemon")
    func signingOfTheDaemon() {
        let missing = Configuration.CertificatePair(
            chain: "/nonexistent/rdp.pem",
            key: "/nonexistent/rdp.key"
        )
        #expect(CertificateChecks.all.signing?(missing).contains { $0.isError } == true)
        #expect(CertificateChecks.signing.signing?(missing).isEmpty == false)
        #expect(CertificateChecks.signing.signing?(missing).contains { $0.isError } == false)
        #expect(CertificateChecks.signing.server == nil)
    }
}
