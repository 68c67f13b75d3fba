// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what operators are told about their certificates.

import Foundation
import Testing

@testable import OpenSSLKit

@Suite("Certificate checks") struct CertificateCheckTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        var key: String?
        let severity: CertificateProblem.Severity
        let text: String
        /// False when only `check` complains, and a context is made all the same.
        var refused = true

        var testDescription: String { name + (key.map { " with the key of \($0)" } ?? "") }

        static let all = [
            Case(name: "missing", severity: .error, text: "No such file or directory"),
            Case(name: "gate", key: "missing", severity: .error, text: "No such file or directory"),
            Case(
                name: "gate",
                key: "other",
                severity: .error,
                text: "the key does not belong to the certificate"
            ),
            Case(name: "expired", severity: .error, text: "the certificate expired on ", refused: false),
            Case(name: "soon", severity: .warning, text: "the certificate expires on ", refused: false),
            Case(name: "weak-rsa", severity: .error, text: "the key of the certificate is RSA 2048"),
            Case(name: "k1", severity: .error, text: "only P-256, P-384 and P-521 are accepted"),
            Case(name: "ed", severity: .error, text: "only RSA and ECDSA keys are accepted"),
            Case(name: "nameless", severity: .error, text: "no subject alternative name"),
            Case(name: "sha1", severity: .error, text: "signed with a broken hash"),
            Case(name: "pkcs1", severity: .warning, text: "signed with RSA PKCS#1 v1.5", refused: false),
            Case(name: "client-only", severity: .error, text: "not meant for server authentication"),
        ]
    }

    @Test("names each mistake in a sentence", arguments: Case.all)
    func namesMistake(_ testCase: Case) throws {
        let files = certificates.files(testCase.name, key: testCase.key)
        let problems = TLSServerContext.check(identities: [files], profile: .bsi, clientAuthority: nil)
        let found = try #require(problems.first { $0.text.contains(testCase.text) }, "\(problems)")
        #expect(found.severity == testCase.severity)
        #expect([files.chain, files.key].contains(found.file))
        if testCase.refused {
            #expect(throws: OpenSSLError.self) { _ = try makeContext([files]) }
        } else {
            _ = try makeContext([files])
        }
    }

    @Test("only the bsi profile minds authorities that sign with PKCS#1 v1.5")
    func modernAcceptsPKCS1() {
        let problems = TLSServerContext.check(
            identities: [certificates.files("pkcs1")],
            profile: .modern,
            clientAuthority: nil
        )
        #expect(problems == [])
    }

    @Test(
        "has nothing to say of good certificates",
        arguments: ["gate", "gate-rsa", "chained", "pss", "long"]
    )
    func silentOnGood(_ name: String) {
        let problems = TLSServerContext.check(
            identities: [certificates.files(name)],
            profile: .bsi,
            clientAuthority: certificates.path("ca.pem")
        )
        #expect(problems == [])
    }

    @Test("looks at the date it is given")
    func usesTheDate() throws {
        let files = certificates.files("gate")
        let info = try CertificateInfo.read(chain: files.chain)[0]
        func texts(_ now: Int64) -> [String] {
            TLSServerContext.check(identities: [files], profile: .bsi, clientAuthority: nil, at: now).map(
                \.text
            )
        }
        #expect(
            texts(info.notBefore - 1) == [
                "the certificate is not valid before \(CalendarDay.text(info.notBefore))"
            ]
        )
        #expect(texts(info.notAfter + 1) == ["the certificate expired on \(info.lastDay)"])
        #expect(
            texts(info.notAfter - 10 * 86_400) == ["the certificate expires on \(info.lastDay), in 10 days"]
        )
        #expect(texts(info.notAfter - 14 * 86_400) == [])
    }

    @Test("notices a wrong order, a key for all to read, an encrypted key and doubled certificates")
    func noticesFiles() throws {
        func pem(_ name: String) throws -> String {
            try String(contentsOfFile: certificates.path(name), encoding: .utf8)
        }
        func problems(_ files: CertificateFiles...) -> [CertificateProblem] {
            TLSServerContext.check(identities: files, profile: .bsi, clientAuthority: nil)
        }
        let disorder = try certificates.write("disorder.pem", pem("gate.pem") + pem("between.pem"))
        let wrong = problems(CertificateFiles(chain: disorder, key: certificates.path("gate.key")))
        #expect(
            wrong.contains {
                $0.severity == .error && $0.text.contains("not issued by the certificate that follows")
            }
        )

        let open = try certificates.write("open.key", pem("gate.key"))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: open)
        let readable = problems(CertificateFiles(chain: certificates.path("gate.pem"), key: open))
        #expect(readable == [.warning(open, "every user of this machine may read the key")])

        let locked = certificates.path("locked.key")
        _ = try Tool.openssl([
            "ec", "-in", certificates.path("gate.key"), "-aes256", "-passout", "pass:x", "-out", locked,
        ])
        let encrypted = problems(CertificateFiles(chain: certificates.path("gate.pem"), key: locked))
        #expect(encrypted.map(\.text) == ["cannot read \(locked): no unencrypted private key in it"])

        let doubled = problems(certificates.files("gate"), certificates.files("gate-again"))
        #expect(doubled.map(\.severity) == [.warning])
        #expect(problems(certificates.files("gate"), certificates.files("gate-rsa")) == [])

        let damaged = try certificates.write(
            "damaged.pem",
            pem("gate.pem").replacingOccurrences(of: "MII", with: "MIJ")
        )
        let broken = problems(CertificateFiles(chain: damaged, key: certificates.path("gate.key")))
        #expect(broken.contains { $0.severity == .error && $0.file == damaged })
        let text = try certificates.write("text.pem", "no pem here\n")
        let empty = problems(CertificateFiles(chain: text, key: certificates.path("gate.key")))
        #expect(empty.map(\.text) == ["cannot read \(text): no certificate in it"])
        let folder = problems(
            CertificateFiles(chain: certificates.directory, key: certificates.path("gate.key"))
        )
        #expect(folder.first?.text.hasSuffix("not a regular file") == true)
    }

    @Test("reads the facts of a chain")
    func readsInfo() throws {
        let chain = try CertificateInfo.read(chain: certificates.path("chained.pem"))
        #expect(chain.count == 2)
        #expect(chain[0].names == ["gate.example"])
        #expect(chain[0].issuer == chain[1].subject)
        #expect(chain[0].keyType == "ECDSA P-256")
        #expect(chain[0].keyBits == 256)
        #expect(chain[0].signature == "ECDSA, SHA256")
        let run = try Tool.openssl([
            "x509", "-in", certificates.path("chained.pem"), "-noout", "-fingerprint", "-sha1",
        ])
        #expect(run.output.replacingOccurrences(of: ":", with: "").contains(chain[0].thumbprint))
        #expect(chain[0].notAfter - chain[0].notBefore == 90 * 86_400)
    }

    struct DayCase: CustomTestStringConvertible, Sendable {
        let seconds: Int64
        let text: String

        var testDescription: String { text }

        static let all = [
            DayCase(seconds: 0, text: "1970-01-01"),
            DayCase(seconds: -1, text: "1969-12-31"),
            DayCase(seconds: 951_782_400, text: "2000-02-29"),
            DayCase(seconds: 1_709_251_199, text: "2024-02-29"),
            DayCase(seconds: 4_107_542_400, text: "2100-03-01"),
            DayCase(seconds: .max, text: "9999-12-31"),
        ]
    }

    @Test("writes days", arguments: DayCase.all)
    func writesDays(_ testCase: DayCase) { #expect(CalendarDay.text(testCase.seconds) == testCase.text) }

    @Test("no identities, no context")
    func nothingConfigured() {
        #expect(throws: OpenSSLError(.certificate, "no certificate is configured")) {
            _ = try makeContext([])
        }
    }
}
