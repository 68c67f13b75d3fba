// SPDX-License-Identifier: EUPL-1.2
// Torhaus: openssl cms accepts our signatures, and only over the signed bytes.

import Foundation
import Testing

@testable import OpenSSLKit

@Suite("CMS signatures") struct CMSSignerTests {
    private func verify(_ signature: [UInt8], over content: [UInt8]) throws -> ToolRun {
        let name = UUID().uuidString
        let (der, data) = (certificates.path(name + ".der"), certificates.path(name + ".bin"))
        try Data(signature).write(to: URL(fileURLWithPath: der))
        try Data(content).write(to: URL(fileURLWithPath: data))
        return try Tool.openssl([
            "cms", "-verify", "-binary", "-inform", "DER", "-in", der, "-content", data, "-CAfile",
            certificates.path("ca.pem"), "-purpose", "any", "-out", "/dev/null",
        ])
    }

    @Test(
        "a detached signature verifies over its content and nothing else",
        arguments: ["signer", "signer-ec"]
    )
    func verifies(_ name: String) throws {
        let signer = try CMSSigner(certificates.files(name))
        let content = Array("full address:s:rb-01\r\nsignscope:s:Full Address\r\n\0".utf16).flatMap {
            [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)]
        }
        let signature = try signer.sign(content)
        let good = try verify(signature, over: content)
        #expect(good.status == 0, "\(good.errors)")
        #expect(try verify(signature, over: content.dropLast()).status != 0)
        var changed = content
        changed[0] ^= 1
        #expect(try verify(signature, over: changed).status != 0)
    }

    @Test("holds signer and intermediate, SHA-256, and no signed attributes")
    func shape() throws {
        let signer = try CMSSigner(certificates.files("signer"))
        #expect(signer.certificates.count == 2)
        let file = certificates.path("shape.der")
        try Data(try signer.sign([1, 2, 3])).write(to: URL(fileURLWithPath: file))
        let text = try Tool.openssl(["cms", "-cmsout", "-print", "-inform", "DER", "-in", file]).output
        #expect(
            text.contains("signedAttrs:\n        <ABSENT>")
                || text.contains("signedAttrs:\n          <ABSENT>")
        )
        #expect(text.contains("eContent: <ABSENT>"))
        #expect(text.contains("sha256 (2.16.840.1.101.3.4.2.1)"))
        #expect(text.components(separatedBy: "d.certificate:").count - 1 == 2)
    }

    @Test("signs the empty content and from many threads at once")
    func manyThreads() throws {
        let signer = try CMSSigner(certificates.files("signer"))
        #expect(try verify(signer.sign([]), over: []).status == 0)
        let expected = try signer.sign([9])
        DispatchQueue.concurrentPerform(iterations: 16) { _ in
            // RSA PKCS#1 v1.5 without attributes gives the same bytes each time.
            #expect((try? signer.sign([9])) == expected)
        }
    }

    @Test("says what an operator should know of the signing certificate")
    func check() {
        #expect(CMSSigner.check(certificates.files("signer")) == [])
        #expect(CMSSigner.check(certificates.files("gate-rsa")) == [])
        let elliptic = CMSSigner.check(certificates.files("signer-ec"))
        #expect(elliptic.map(\.severity) == [.warning])
        #expect(elliptic.first?.text.contains("want an RSA key") == true)
        let mail = CMSSigner.check(certificates.files("signer-mail"))
        #expect(mail.contains { $0.severity == .error && $0.text.contains("meant for none of") })
        #expect(CMSSigner.check(certificates.files("missing")).contains { $0.severity == .error })
        let late = CMSSigner.check(certificates.files("signer"), at: 4_000_000_000)
        #expect(late.contains { $0.severity == .error && $0.text.contains("expired on") })
    }
}
