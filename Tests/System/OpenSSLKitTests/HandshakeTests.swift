// SPDX-License-Identifier: EUPL-1.2
// Torhaus: names, application protocols and client certificates in real handshakes.

import Foundation
import LinuxKit
import Testing

@testable import OpenSSLKit

@Suite("TLS handshakes") struct HandshakeTests {
    struct NameCase: CustomTestStringConvertible, Sendable {
        let name: String?
        let policy: UnknownName
        let subjectOf: String?

        var testDescription: String { "\(name ?? "no name") with \(policy)" }

        static let all = [
            NameCase(name: "gate.example", policy: .refuse, subjectOf: "gate"),
            NameCase(name: "GATE.Example", policy: .refuse, subjectOf: "gate"),
            NameCase(name: "rb-01.desk.example", policy: .refuse, subjectOf: "gate"),
            NameCase(name: "other.example", policy: .refuse, subjectOf: "other"),
            NameCase(name: "desk.example", policy: .refuse, subjectOf: nil),
            NameCase(name: "a.b.desk.example", policy: .refuse, subjectOf: nil),
            NameCase(name: "evil.example", policy: .refuse, subjectOf: nil),
            NameCase(name: nil, policy: .refuse, subjectOf: nil),
            NameCase(name: nil, policy: .useFirst, subjectOf: "gate"),
            NameCase(name: "evil.example", policy: .useFirst, subjectOf: "gate"),
        ]
    }

    @Test("serves the certificate that has the name, or refuses", arguments: NameCase.all)
    func servesByName(_ testCase: NameCase) throws {
        let context = try makeContext(
            [certificates.files("gate"), certificates.files("other")],
            unknownName: testCase.policy
        )
        let server = try TestServer(context)
        defer { server.stop() }
        let run = try client(server, name: testCase.name, ["-showcerts"])
        let report = try #require(server.reports().first)
        guard let expected = testCase.subjectOf else {
            #expect(report.handshakeFault == .unrecognizedName)
            #expect(report.negotiated == nil)
            #expect(run.everything.contains("alert number 112"))
            return
        }
        let pem = try String(contentsOfFile: certificates.path(expected + ".pem"), encoding: .utf8)
        let body = try #require(pem.split(separator: "\n").dropFirst(2).first)
        #expect(run.output.contains(body))
        #expect(run.output.contains("hello"))
        #expect(report.negotiated?.serverName == testCase.name?.lowercased())
        #expect(report.negotiated?.version == "TLSv1.3")
        #expect(report.negotiated?.cipher == "TLS_AES_256_GCM_SHA384")
        #expect(report.negotiated?.client == .notRequested)
        #expect(report.negotiated?.resumed == false)
    }

    @Test("serves ECDSA and RSA for the same names, as the client asks", arguments: ["ECDSA", "RSA"])
    func servesBothKinds(_ kind: String) throws {
        let server = try TestServer(
            try makeContext([certificates.files("gate"), certificates.files("gate-rsa")])
        )
        defer { server.stop() }
        let run = try client(
            server,
            ["-tls1_2", "-cipher", "ECDHE-\(kind)-AES128-GCM-SHA256"]
        )
        let negotiated = try #require(server.reports().first?.negotiated)
        #expect(negotiated.version == "TLSv1.2")
        #expect(negotiated.cipher == "ECDHE-\(kind)-AES128-GCM-SHA256")
        #expect(negotiated.group == "secp256r1" || negotiated.group == "prime256v1")
        #expect(run.output.contains("hello"))
        #expect(run.output.contains(kind == "RSA" ? "RSA-PSS" : "ECDSA"))
    }

    @Test("sends the intermediate certificate, so that a client with only the root is content")
    func sendsIntermediate() throws {
        let server = try TestServer(try makeContext([certificates.files("chained")]))
        defer { server.stop() }
        let run = try client(server, ["-verify_return_error"])
        #expect(run.output.contains("Verify return code: 0 (ok)"))
    }

    struct ProtocolCase: CustomTestStringConvertible, Sendable {
        let offered: String
        let accepted: Bool

        var testDescription: String { offered }

        static let all = [
            ProtocolCase(offered: "http/1.1", accepted: true),
            ProtocolCase(offered: "h2,http/1.1", accepted: true),
            ProtocolCase(offered: "h2", accepted: false),
            ProtocolCase(offered: "http/1.0,http/1.1x", accepted: false),
        ]
    }

    @Test("chooses http/1.1 and refuses lists without it", arguments: ProtocolCase.all)
    func choosesProtocol(_ testCase: ProtocolCase) throws {
        let server = try TestServer(try makeContext())
        defer { server.stop() }
        let run = try client(server, ["-alpn", testCase.offered])
        let report = try #require(server.reports().first)
        if testCase.accepted {
            #expect(report.negotiated?.applicationProtocol == "http/1.1")
            #expect(run.output.contains("ALPN protocol: http/1.1"))
        } else {
            #expect(report.handshakeFault == .noApplicationProtocol)
            #expect(run.everything.contains("alert number 120"))
        }
    }

    @Test("a client without application protocols is served")
    func noProtocol() throws {
        let server = try TestServer(try makeContext())
        defer { server.stop() }
        _ = try client(server)
        let negotiated = try #require(server.reports().first?.negotiated)
        #expect(negotiated.applicationProtocol == nil)
        #expect(negotiated.group == "secp256r1" || negotiated.group == "prime256v1")
    }

    // MARK: Client certificates

    @Test("passes on what is known of a client certificate", arguments: ["-tls1_3", "-tls1_2"])
    func clientVerdicts(_ version: String) throws {
        let context = try makeContext(clientAuthority: certificates.path("ca.pem"))
        let server = try TestServer(context)
        defer { server.stop() }
        func verdict(_ name: String?) throws -> TLSClientVerdict {
            let before = server.reports(atLeast: 0).count
            let key = name.map {
                ["-cert", certificates.path($0 + ".pem"), "-key", certificates.path($0 + ".key")]
            }
            let run = try client(server, [version] + (key ?? []))
            #expect(run.output.contains("hello"), "the handshake goes on whatever the verdict is")
            let report = server.reports(atLeast: before + 1)[before]
            return try #require(report.negotiated).client
        }
        #expect(try verdict(nil) == .absent)

        guard case .verified(let anna) = try verdict("anna") else {
            Issue.record("a good certificate is not verified")
            return
        }
        #expect(anna.subject == "CN=Anna Müller,O=Rhönblick")
        #expect(anna.commonName == "Anna Müller")
        #expect(
            anna.fingerprint == (try CertificateInfo.read(chain: certificates.path("anna.pem"))[0].sha256)
        )

        guard case .failed(let code, let reason, let expired) = try verdict("anna-expired") else {
            Issue.record("an expired certificate is not refused")
            return
        }
        #expect(code == 10)
        #expect(reason == "certificate has expired")
        #expect(expired.subject == "CN=Anna")

        guard case .failed(_, _, let mallory) = try verdict("mallory") else {
            Issue.record("a stranger's certificate is not refused")
            return
        }
        #expect(mallory.commonName == "Mallory")

        guard case .failed(let purpose, _, _) = try verdict("gate") else {
            Issue.record("a server's certificate is accepted for a client")
            return
        }
        #expect(purpose == 26)
    }

    @Test("with a client authority there are no session tickets", arguments: ["-tls1_3", "-tls1_2"])
    func noTicketsWithClientAuthority(_ version: String) throws {
        let server = try TestServer(try makeContext(clientAuthority: certificates.path("ca.pem")))
        defer { server.stop() }
        let file = certificates.path("session-\(UUID().uuidString)")
        let first = try client(server, [version, "-sess_out", file])
        #expect(first.output.contains("hello"))
        #expect(!first.output.contains("TLS session ticket:"))
        if FileManager.default.fileExists(atPath: file) {
            _ = try client(server, [version, "-sess_in", file])
        }
        #expect(server.reports().allSatisfy { $0.negotiated?.resumed == false })
    }
}
