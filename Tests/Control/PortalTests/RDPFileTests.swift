// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the .rdp file, its signature and its name.

import Foundation
import OpenSSLKit
import Sessions
import Testing

@testable import Portal

@Suite("the .rdp file")
struct RDPFileTests {
    static let connection = RDPConnection(
        address: "rb-01.desktops.example",
        port: 3389,
        gate: "gate.example",
        gatePort: 443,
        ticket: "0123456789ABCDEFGHJKMNPQRS",
        redirections: [.clipboard, .printer],
        account: "RHOEN\\anna"
    )

    private static func fixture(_ name: String) -> URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
    }

    @Test("is the golden file, byte for byte")
    func golden() throws {
        let url = Self.fixture("unsigned.rdp")
        #expect(RDPFile(Self.connection).bytes == Array(try Data(contentsOf: url)))
    }

    @Test("signs the golden text")
    func goldenScope() throws {
        let url = Self.fixture("signed.txt")
        let text = try String(contentsOf: url, encoding: .utf8).replacing("\n", with: "\r\n") + "\0"
        let scope = RDPSignatureScope(of: RDPFile(Self.connection).lines)
        #expect(scope.signedBytes == RDPText.utf16LittleEndian(text))
    }

    @Test("names other ports only")
    func ports() {
        var other = Self.connection
        other.port = 3390
        other.gatePort = 8443
        let lines = RDPFile(other).lines.map(\.text)
        #expect(lines.contains("full address:s:rb-01.desktops.example:3390"))
        #expect(lines.contains("alternate full address:s:rb-01.desktops.example:3390"))
        #expect(lines.contains("gatewayhostname:s:gate.example:8443"))
    }

    struct Switch: CustomTestStringConvertible, Sendable {
        let redirection: Redirection
        let on: [String]
        let off: [String]

        var testDescription: String { redirection.rawValue }
    }

    static let switches = [
        Switch(redirection: .clipboard, on: ["redirectclipboard:i:1"], off: ["redirectclipboard:i:0"]),
        Switch(redirection: .printer, on: ["redirectprinters:i:1"], off: ["redirectprinters:i:0"]),
        Switch(
            redirection: .drive,
            on: ["redirectdrives:i:1", "drivestoredirect:s:*"],
            off: ["redirectdrives:i:0", "drivestoredirect:s:"]
        ),
        Switch(redirection: .smartcard, on: ["redirectsmartcards:i:1"], off: ["redirectsmartcards:i:0"]),
        Switch(redirection: .audio, on: ["audiomode:i:0"], off: ["audiomode:i:2"]),
        Switch(redirection: .microphone, on: ["audiocapturemode:i:1"], off: ["audiocapturemode:i:0"]),
        Switch(redirection: .port, on: ["redirectcomports:i:1"], off: ["redirectcomports:i:0"]),
        Switch(redirection: .webauthn, on: ["redirectwebauthn:i:1"], off: ["redirectwebauthn:i:0"]),
    ]

    @Test("writes each redirection either way", arguments: switches)
    func redirections(_ one: Switch) {
        var connection = Self.connection
        connection.redirections = [one.redirection]
        let only = RDPFile(connection).lines.map(\.text)
        for line in one.on { #expect(only.contains(line)) }
        for other in Self.switches where other.redirection != one.redirection {
            for line in other.off { #expect(only.contains(line)) }
        }
    }

    @Test("knows every redirection")
    func allRedirections() {
        #expect(Set(Self.switches.map(\.redirection)) == Set(Redirection.allCases))
    }

    @Test("lets no value break out of its line")
    func controls() {
        var connection = Self.connection
        connection.account = "anna\r\nalternate shell:s:calc\u{2028}x\u{0}\u{202E}y\u{85}z"
        let lines = RDPFile(connection).bytes.split(separator: 0x0A)
        #expect(lines.count == RDPFile(Self.connection).lines.count)
        let last = RDPFile(connection).lines.map(\.text).last
        #expect(last == "username:s:annaalternate shell:s:calcxyz")
    }

    @Test("is UTF-16 with a mark when ASCII is not enough")
    func utf16() throws {
        var connection = Self.connection
        connection.account = "RHÖN\\jörg😀"
        let bytes = RDPFile(connection).bytes
        #expect(bytes.starts(with: [0xFF, 0xFE]))
        let text = try #require(String(data: Data(bytes), encoding: .utf16))
        #expect(text.contains("username:s:RHÖN\\jörg😀\r\n"))
    }

    @Test("drops an earlier signature before it signs again")
    func signsAgain() throws {
        var once = RDPFile(Self.connection)
        try once.sign(with: Fixed())
        var twice = once
        try twice.sign(with: Fixed())
        #expect(once == twice)
        #expect(once.lines.suffix(2).map(\.key) == ["signscope", "signature"])
    }

    struct Fixed: RDPFileSigner {
        func signature(over bytes: [UInt8]) throws -> [UInt8] { [UInt8](repeating: 7, count: 100) }
    }

    @Test("puts the header of the Windows tool before the signature")
    func signatureText() throws {
        let text = RDPFile.signatureText([UInt8](repeating: 0xAA, count: 300))
        let groups = text.components(separatedBy: "  ").filter { !$0.isEmpty }
        #expect(groups.dropLast().allSatisfy { $0.count == 64 })
        let blob = try #require(Data(base64Encoded: groups.joined()))
        #expect(Array(blob.prefix(12)) == [1, 0, 1, 0, 1, 0, 0, 0, 44, 1, 0, 0])
        #expect(blob.count == 312)
    }
}

@Suite("the signature of an .rdp file")
struct RDPSignatureTests {
    @Test("verifies with OpenSSL's own program over the text of the file as sent")
    func verifies() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "torhaus-rdp-\(UUID().uuidString)"
        )
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func path(_ name: String) -> String { folder.appending(path: name).path }
        try openssl([
            "req", "-x509", "-newkey", "rsa:3072", "-nodes", "-subj", "/CN=Landkreis Beispiel", "-days", "2",
            "-keyout", path("key.pem"), "-out", path("chain.pem"), "-addext", "extendedKeyUsage=codeSigning",
        ])
        let signer = try CMSSigner(CertificateFiles(chain: path("chain.pem"), key: path("key.pem")))
        var file = RDPFile(RDPFileTests.connection)
        try file.sign(with: signer)

        // What a client does: takes the lines that the scope names, in its order, out of the file it got.
        let lines = String(decoding: file.bytes, as: UTF8.self).components(separatedBy: "\r\n").filter {
            !$0.isEmpty
        }
        let scope = try #require(lines.first { $0.hasPrefix("signscope:s:") })
        let names = scope.dropFirst("signscope:s:".count).components(separatedBy: ",")
        let covered = try names.map { name in
            try #require(lines.first { $0.lowercased().hasPrefix(Self.key(name) + ":") })
        }
        let text = (covered + [scope]).joined(separator: "\r\n") + "\r\n\0"
        try Data(RDPText.utf16LittleEndian(text)).write(to: folder.appending(path: "text"))
        let signature = try #require(lines.first { $0.hasPrefix("signature:s:") }).dropFirst(
            "signature:s:".count
        )
        let blob = try #require(Data(base64Encoded: String(signature.replacing(" ", with: ""))))
        try Data(blob.dropFirst(12)).write(to: folder.appending(path: "signature.der"))
        let verify = [
            "cms", "-verify", "-binary", "-inform", "DER", "-in", path("signature.der"), "-content",
            path("text"),
            "-CAfile", path("chain.pem"), "-purpose", "any", "-out", path("out"),
        ]
        try openssl(verify)

        let altered = text.replacing("rb-01.desktops.example", with: "evil.example")
        try Data(RDPText.utf16LittleEndian(altered)).write(to: folder.appending(path: "text"))
        #expect(throws: Failed.self) { try openssl(verify) }
    }

    /// The line's key that a scope name stands for: the same words, except for three.
    private static func key(_ name: String) -> String {
        RDPSignatureScope.known.first { $0.name == name }?.key ?? name.lowercased()
    }

    struct Failed: Error {}

    private func openssl(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed() }
    }
}

@Suite("the .rdp file's name")
struct RDPFileNameTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let municipality: String
        let desktop: String
        let ascii: String
        let full: String

        var testDescription: String { full }
    }

    static let cases = [
        Case(
            municipality: "Rhönblick",
            desktop: "Arbeitsplatz 1",
            ascii: "Rhoenblick-Arbeitsplatz-1.rdp",
            full: "Rhönblick-Arbeitsplatz-1.rdp"
        ),
        Case(
            municipality: "Groß Ähren",
            desktop: "Café",
            ascii: "Gross-Aehren-Cafe.rdp",
            full: "Groß-Ähren-Café.rdp"
        ),
        Case(
            municipality: "../../etc",
            desktop: "a\"b;\r\nX: y",
            ascii: "etc-a-b-X-y.rdp",
            full: "etc-a-b-X-y.rdp"
        ),
        Case(municipality: "Łódź", desktop: "日本", ascii: "odz.rdp", full: "Łódź-日本.rdp"),
        Case(municipality: "", desktop: "...", ascii: "Torhaus.rdp", full: "Torhaus.rdp"),
    ]

    @Test("is recognisable and safe in a header", arguments: cases)
    func names(_ one: Case) {
        let name = RDPFileName(municipality: one.municipality, desktop: one.desktop)
        #expect(name.ascii == one.ascii)
        #expect(name.full == one.full)
        #expect(name.contentDisposition.utf8.allSatisfy { 0x20 <= $0 && $0 < 0x7F })
        #expect(name.contentDisposition.hasPrefix("attachment; filename=\"\(one.ascii)\"; filename*=UTF-8''"))
    }

    @Test("has an end")
    func length() {
        let name = RDPFileName(municipality: String(repeating: "ü", count: 500), desktop: "x")
        #expect(name.full.count <= RDPFileName.longest + 4)
        #expect(name.ascii.count <= RDPFileName.longest + 4)
    }
}
