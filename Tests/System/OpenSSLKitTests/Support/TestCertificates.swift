// SPDX-License-Identifier: EUPL-1.2
// Torhaus: certificates for the tests, made by openssl in a temporary directory.

import Foundation
import OpenSSLKit

struct CertificateFactoryError: Error, CustomStringConvertible {
    let description: String
}

/// A directory of freshly made certificates.
struct TestCertificates: Sendable {
    // Nothing can be tested without certificates.
    // swift-format-ignore: NeverUseForceTry
    static let shared = try! TestCertificates()

    let directory: String

    /// What kind of key to make.
    enum Key: String, Sendable {
        case p256 = "ec:P-256"
        case p384 = "ec:P-384"
        case secp256k1 = "ec:secp256k1"
        case rsa3072 = "rsa:3072"
        case rsa2048 = "rsa:2048"
        case ed25519
    }

    private init() throws {
        directory = NSTemporaryDirectory() + "torhaus-tls-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try authority("ca", subject: "/O=Landkreis Beispiel/CN=Test CA")
        try authority("stranger", subject: "/CN=Some Other CA")
        try authority("ca-rsa", subject: "/CN=RSA CA", key: .rsa3072)
        try intermediate("between", subject: "/CN=Intermediate", issuer: "ca")

        try leaf("gate", names: ["gate.example", "*.desk.example"])
        try leaf("gate-rsa", names: ["gate.example", "*.desk.example"], key: .rsa3072)
        try leaf("gate-again", names: ["gate.example", "*.desk.example"])
        try leaf("other", names: ["other.example"])
        try leaf("chained", names: ["gate.example"], issuer: "between")
        try leaf("weak-rsa", names: ["gate.example"], key: .rsa2048)
        try leaf("k1", names: ["gate.example"], key: .secp256k1)
        try leaf("ed", names: ["gate.example"], key: .ed25519)
        try leaf("pkcs1", names: ["gate.example"], issuer: "ca-rsa")
        try leaf(
            "pss",
            names: ["gate.example"],
            issuer: "ca-rsa",
            extra: ["-sigopt", "rsa_padding_mode:pss"]
        )
        try leaf("sha1", names: ["gate.example"], issuer: "ca-rsa", extra: ["-sha1"])
        try leaf("nameless", names: [])
        try leaf("expired", names: ["gate.example"], days: -1)
        try leaf("soon", names: ["gate.example"], days: 5)
        try leaf("long", names: ["gate.example"], days: 90)
        try leaf("client-only", names: ["gate.example"], usage: "clientAuth")

        try leaf("anna", subject: "/O=Rhönblick/CN=Anna Müller", names: [], usage: "clientAuth")
        try leaf("anna-expired", subject: "/CN=Anna", names: [], days: -1, usage: "clientAuth")
        try leaf("mallory", subject: "/CN=Mallory", names: [], issuer: "stranger", usage: "clientAuth")

        try leaf(
            "signer",
            subject: "/CN=RDP signing",
            names: [],
            key: .rsa3072,
            issuer: "between",
            usage: "1.3.6.1.4.1.311.54.1.2"
        )
        try leaf("signer-ec", subject: "/CN=RDP signing", names: [], usage: "codeSigning")
        try leaf("signer-mail", subject: "/CN=Mail", names: [], key: .rsa3072, usage: "emailProtection")
    }

    func path(_ name: String) -> String { directory + "/" + name }

    func files(_ name: String, key: String? = nil) -> CertificateFiles {
        CertificateFiles(chain: path(name + ".pem"), key: path((key ?? name) + ".key"))
    }

    func write(_ name: String, _ text: String) throws -> String {
        try text.write(toFile: path(name), atomically: true, encoding: .utf8)
        return path(name)
    }

    // MARK: Making

    private func run(_ arguments: [String]) throws {
        let run = try Tool.openssl(arguments)
        guard run.status == 0 else {
            throw CertificateFactoryError(description: "openssl \(arguments): \(run.errors)")
        }
    }

    private func makeKey(_ name: String, _ key: Key) throws {
        let parts = key.rawValue.split(separator: ":").map(String.init)
        var options = ["genpkey", "-quiet", "-out", path(name + ".key"), "-algorithm", parts[0]]
        switch parts[0] {
        case "ec": options += ["-pkeyopt", "ec_paramgen_curve:" + parts[1]]
        case "rsa": options += ["-pkeyopt", "rsa_keygen_bits:" + parts[1]]
        default: break
        }
        try run(options.filter { $0 != "-quiet" })
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path(name + ".key"))
    }

    private func authority(_ name: String, subject: String, key: Key = .p256) throws {
        try makeKey(name, key)
        try run([
            "req", "-x509", "-new", "-utf8", "-key", path(name + ".key"), "-subj", subject, "-days", "400",
            "-out", path(name + ".pem"), "-addext", "keyUsage=critical,keyCertSign,cRLSign",
        ])
    }

    private func intermediate(_ name: String, subject: String, issuer: String) throws {
        try makeKey(name, .p256)
        try sign(
            name,
            subject: subject,
            issuer: issuer,
            days: 300,
            extensions: "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n"
                + "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
        )
    }

    private func leaf(
        _ name: String,
        subject: String = "/CN=Torhaus Test",
        names: [String],
        key: Key = .p256,
        issuer: String = "ca",
        days: Int = 90,
        usage: String = "serverAuth",
        extra: [String] = []
    ) throws {
        try makeKey(name, key)
        var extensions = "basicConstraints=CA:FALSE\nextendedKeyUsage=\(usage)\n"
        extensions += "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
        if !names.isEmpty {
            extensions += "subjectAltName=" + names.map { "DNS:" + $0 }.joined(separator: ",") + "\n"
        }
        try sign(name, subject: subject, issuer: issuer, days: days, extensions: extensions, extra: extra)
        if issuer == "between" {
            let leaf = try String(contentsOfFile: path(name + ".pem"), encoding: .utf8)
            let upper = try String(contentsOfFile: path("between.pem"), encoding: .utf8)
            try (leaf + upper).write(toFile: path(name + ".pem"), atomically: true, encoding: .utf8)
        }
    }

    private func sign(
        _ name: String,
        subject: String,
        issuer: String,
        days: Int,
        extensions: String,
        extra: [String] = []
    ) throws {
        try run([
            "req", "-new", "-utf8", "-key", path(name + ".key"), "-subj", subject, "-out",
            path(name + ".csr"),
        ])
        let file = try write(name + ".ext", extensions)
        try run(
            [
                "x509", "-req", "-in", path(name + ".csr"), "-CA", path(issuer + ".pem"), "-CAkey",
                path(issuer + ".key"), "-set_serial", String(UInt32.random(in: 1...UInt32.max)), "-days",
                String(days), "-extfile", file, "-out", path(name + ".pem"),
            ] + extra
        )
    }
}
