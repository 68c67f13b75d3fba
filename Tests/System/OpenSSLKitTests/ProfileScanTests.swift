// SPDX-License-Identifier: EUPL-1.2
// Torhaus: an outside scanner sees exactly the profile, nothing less and nothing more.

import Foundation
import Testing

@testable import OpenSSLKit

@Suite("TLS profiles seen by sslscan", .serialized) struct ProfileScanTests {
    private static let suites: Set<String> = [
        "TLSv1.3 TLS_AES_256_GCM_SHA384", "TLSv1.3 TLS_AES_128_GCM_SHA256",
        "TLSv1.2 ECDHE-ECDSA-AES256-GCM-SHA384", "TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256",
        "TLSv1.2 ECDHE-RSA-AES256-GCM-SHA384", "TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256",
    ]

    private static func groups(_ profile: TLSProfile) -> Set<String> {
        let nist = ["secp256r1 (NIST P-256)", "secp384r1 (NIST P-384)", "secp521r1 (NIST P-521)"]
        let all = profile == .modern ? nist + ["x25519"] : nist
        return Set(["TLSv1.3", "TLSv1.2"].flatMap { version in all.map { "\(version) \($0)" } })
    }

    private func attributes(_ xml: String, element: String, _ names: [String]) -> Set<String> {
        var found: Set<String> = []
        for line in xml.split(separator: "\n") where line.contains("<\(element) ") {
            let values = names.compactMap { name -> String? in
                guard let start = line.range(of: " \(name)=\"") else { return nil }
                return line[start.upperBound...].split(separator: "\"", maxSplits: 1).first.map(String.init)
            }
            found.insert(values.joined(separator: " "))
        }
        return found
    }

    @Test("accepts the suites and groups of the profile and no others", arguments: TLSProfile.allCases)
    func acceptsExactlyTheProfile(_ profile: TLSProfile) throws {
        let both = [certificates.files("gate"), certificates.files("gate-rsa")]
        let server = try TestServer(try makeContext(both, profile: profile))
        defer { server.stop() }
        let xml = certificates.path("scan-\(profile).xml")
        let run = try Tool.run(
            "/usr/bin/sslscan",
            ["--xml=\(xml)", "--sni-name=gate.example", "127.0.0.1:\(server.port)"],
            seconds: 120
        )
        #expect(run.status == 0)
        let text = try String(contentsOfFile: xml, encoding: .utf8)
        #expect(attributes(text, element: "cipher", ["sslversion", "cipher"]) == ProfileScanTests.suites)
        #expect(
            attributes(text, element: "group", ["sslversion", "name"]) == ProfileScanTests.groups(profile)
        )
        let protocols = attributes(text, element: "protocol", ["type", "version", "enabled"])
        #expect(Set(protocols.filter { $0.hasSuffix(" 1") }) == ["tls 1.2 1", "tls 1.3 1"])
        #expect(text.contains("<renegotiation supported=\"0\""))
    }

    struct RefusedCase: CustomTestStringConvertible, Sendable {
        let name: String
        let arguments: [String]

        var testDescription: String { name }

        static let all = [
            RefusedCase(name: "TLS 1.1", arguments: ["-tls1_1", "-cipher", "ALL@SECLEVEL=0"]),
            RefusedCase(
                name: "ChaCha20",
                arguments: ["-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256", "-tls1_3"]
            ),
            RefusedCase(name: "CBC", arguments: ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-SHA384"]),
            RefusedCase(name: "RSA key transport", arguments: ["-tls1_2", "-cipher", "AES256-GCM-SHA384"]),
            RefusedCase(name: "X25519 alone", arguments: ["-groups", "X25519"]),
            RefusedCase(name: "X448 alone", arguments: ["-groups", "X448"]),
            RefusedCase(name: "PKCS#1 signatures alone", arguments: ["-sigalgs", "RSA+SHA256", "-tls1_2"]),
            RefusedCase(name: "Ed25519 signatures alone", arguments: ["-sigalgs", "ed25519"]),
        ]
    }

    @Test("the bsi profile refuses what BSI does not list", arguments: RefusedCase.all)
    func refuses(_ testCase: RefusedCase) throws {
        let both = [certificates.files("gate"), certificates.files("gate-rsa")]
        let server = try TestServer(try makeContext(both))
        defer { server.stop() }
        let run = try client(server, testCase.arguments)
        #expect(!run.output.contains("hello"))
        #expect(server.reports().first?.handshakeFault == .nothingShared)
    }

    @Test("prefers its own order of suites and, in the modern profile, X25519")
    func prefersItsOwn() throws {
        let server = try TestServer(try makeContext(profile: .modern))
        defer { server.stop() }
        _ = try client(server, ["-ciphersuites", "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384"])
        let negotiated = try #require(server.reports().first?.negotiated)
        #expect(negotiated.cipher == "TLS_AES_256_GCM_SHA384")
        #expect(negotiated.group == "x25519")
    }

    @Test("a client cannot renegotiate")
    func noRenegotiation() throws {
        let server = try TestServer(try makeContext())
        defer { server.stop() }
        let run = try client(server, ["-tls1_2"], input: "hello\nR\n", openFor: 0.5)
        #expect(run.output.contains("hello"))
        #expect(run.errors.contains("no renegotiation"))
    }

    @Test("early data is not accepted")
    func noEarlyData() throws {
        let server = try TestServer(try makeContext())
        defer { server.stop() }
        let session = certificates.path("early-\(UUID().uuidString)")
        let first = try client(server, ["-sess_out", session])
        #expect(first.output.contains("Max Early Data: 0"))
        _ = try client(server, ["-sess_in", session])
        #expect(server.reports(atLeast: 2).last?.negotiated?.resumed == true)
    }
}
