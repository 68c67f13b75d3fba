// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of PROXY headers.

import ByteCoding
import ProxyProtocol
import Testing

/// Headers as bytes.
enum GoldenHeaders {
    static let signature: [UInt8] = [
        0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
    ]

    /// The specification's layout of TCP over IPv4, 192.168.0.1:56324 to 192.168.0.11:443 (its own example).
    static let plainIPv4: [UInt8] =
        signature + [0x21, 0x11, 0x00, 0x0C, 192, 168, 0, 1, 192, 168, 0, 11, 0xDC, 0x04, 0x01, 0xBB]

    /// As HAProxy sends its own health checks.
    static let local: [UInt8] = signature + [0x20, 0x00, 0x00, 0x00]

    /// Everything the gate sends, over IPv6.
    static let full: [UInt8] =
        signature + [0x21, 0x21, 0x00, 0x83]
        + [0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
        + [0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2] + [0xC0, 0x01, 0x01, 0xBB]
        + [0x02, 0x00, 0x0C] + Array("gate.example".utf8)
        + [0x20, 0x00, 0x17, 0x07, 0x00, 0x00, 0x00, 0x00]
        + [0x21, 0x00, 0x07] + Array("TLSv1.3".utf8)
        + [0x22, 0x00, 0x05] + Array("Jörg".utf8)
        + [0xE0, 0x00, 0x10] + [UInt8](repeating: 0x1D, count: 16)
        + [0xE1, 0x00, 0x20] + [UInt8](repeating: 0xCE, count: 32)

    static func withTLVs(_ tlvs: [UInt8]) -> [UInt8] {
        var bytes = plainIPv4 + tlvs
        let length = bytes.count - 16
        bytes[14] = UInt8(length >> 8)
        bytes[15] = UInt8(length & 0xFF)
        return bytes
    }
}

private typealias Golden = GoldenHeaders

@Suite("ProxyHeader")
struct ProxyHeaderTests {
    static func fullHeader() throws -> ProxyHeader {
        let source = [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [1]
        let destination = [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [2]
        return ProxyHeader(
            addresses: ProxyAddresses(
                source: try #require(ProxyEndpoint(address: source, port: 0xC001)),
                destination: try #require(ProxyEndpoint(address: destination, port: 443))
            ),
            authority: "gate.example",
            tls: ProxyTLS(
                version: "TLSv1.3",
                clientCertificatePresented: true,
                verified: true,
                commonName: "Jörg"
            ),
            correlation: [UInt8](repeating: 0x1D, count: 16),
            certificateSHA256: [UInt8](repeating: 0xCE, count: 32)
        )
    }

    @Test("reads and writes TCP over IPv4")
    func ipv4() throws {
        let result = try #require(try ProxyHeader.parse(Golden.plainIPv4))
        let addresses = try #require(result.header.addresses)
        #expect(addresses.source.address == [192, 168, 0, 1])
        #expect(addresses.source.port == 56324)
        #expect(addresses.destination.address == [192, 168, 0, 11])
        #expect(addresses.destination.port == 443)
        #expect(result.header.tls == nil)
        #expect(result.consumed == 28)
        #expect(try result.header.encoded() == Golden.plainIPv4)
    }

    @Test("reads and writes LOCAL")
    func localCommand() throws {
        let result = try #require(try ProxyHeader.parse(Golden.local))
        #expect(result.header.isLocal)
        #expect(try result.header.encoded() == Golden.local)
        // What a LOCAL header carries is not used, but passed over.
        let carrying = Golden.signature + [0x20, 0x11, 0x00, 0x02, 0xFF, 0xFF, 0x47]
        #expect(try #require(try ProxyHeader.parse(carrying)).consumed == 18)
    }

    @Test("reads and writes everything the gate says")
    func full() throws {
        let header = try Self.fullHeader()
        #expect(try header.encoded() == Golden.full)
        let result = try #require(try ProxyHeader.parse(Golden.full + Array("GET / HTTP/1.1\r\n".utf8)))
        #expect(result.header == header)
        #expect(result.consumed == Golden.full.count)
    }

    @Test("needs more at every byte but the last", arguments: [Golden.plainIPv4, Golden.local, Golden.full])
    func truncated(bytes: [UInt8]) throws {
        for count in 0..<bytes.count {
            #expect(try ProxyHeader.parse(Array(bytes.prefix(count))) == nil, "after \(count) bytes")
        }
    }

    @Test("each field that breaks off inside of the header is a fault")
    func brokenInside() throws {
        for length in 0..<(Golden.full.count - 16) {
            var bytes = Array(Golden.full.prefix(16 + length))
            bytes[14] = UInt8(length >> 8)
            bytes[15] = UInt8(length & 0xFF)
            // Whole TLVs before the break leave a header that is right; there are four of them.
            let isWhole = [36, 51, 77, 96].contains(length)
            #expect(((try? ProxyHeader.parse(bytes)) != nil) == isWhole, "length \(length)")
        }
    }

    @Test("two families are both written as IPv6, and IPv4 comes back as IPv4")
    func mixed() throws {
        let source = try #require(ProxyEndpoint(address: [10, 0, 0, 1], port: 1))
        let destination = try #require(
            ProxyEndpoint(address: [0x20, 0x01] + [UInt8](repeating: 0, count: 14), port: 2)
        )
        let header = ProxyHeader(addresses: ProxyAddresses(source: source, destination: destination))
        let bytes = try header.encoded()
        #expect(bytes[13] == 0x21)
        #expect(Array(bytes[16..<32]) == [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF, 10, 0, 0, 1])
        #expect(try ProxyHeader.parse(bytes)?.header == header)
        #expect(ProxyEndpoint(address: [1, 2, 3], port: 1) == nil)
    }

    @Test("a certificate is verified only when one was presented")
    func verification() throws {
        #expect(!ProxyTLS(version: "TLSv1.3", clientCertificatePresented: false, verified: true).verified)
        var header = try Self.fullHeader()
        header.tls = ProxyTLS(version: "TLSv1.2", clientCertificatePresented: true, verified: false)
        #expect(try ProxyHeader.parse(try header.encoded())?.header.tls == header.tls)
        // No certificate, and a verify of zero, as HAProxy sends it.
        let tls: [UInt8] = [0x20, 0, 15, 0x01, 0, 0, 0, 0, 0x21, 0, 7] + Array("TLSv1.3".utf8)
        let parsed = try #require(try ProxyHeader.parse(Golden.withTLVs(tls)))
        #expect(parsed.header.tls == ProxyTLS(version: "TLSv1.3"))
    }

    @Test("unknown TLVs are passed over")
    func unknown() throws {
        let tlvs: [UInt8] = [0x04, 0, 2, 0, 0, 0xE9, 0, 0, 0x02, 0, 1, 0x61]
        #expect(try ProxyHeader.parse(Golden.withTLVs(tlvs))?.header.authority == "a")
    }

    struct Refused: CustomTestStringConvertible, Sendable {
        var name: String
        var bytes: [UInt8]
        var error: DecodeError
        var testDescription: String { name }
    }

    @Test(
        "refuses",
        arguments: [
            Refused(name: "HTTP", bytes: Array("GET ".utf8), error: .invalid(field: "signature")),
            Refused(name: "version 1", bytes: Array("PROXY TCP4".utf8), error: .invalid(field: "signature")),
            Refused(
                name: "version 3",
                bytes: Golden.signature + [0x31, 0x11, 0, 12],
                error: .unexpected(0x31)
            ),
            Refused(
                name: "command 2",
                bytes: Golden.signature + [0x22, 0x11, 0, 12],
                error: .unexpected(0x22)
            ),
            Refused(
                name: "too long, before it is there",
                bytes: Golden.signature + [0x21, 0x11, 0xFF, 0xFF],
                error: .oversize(length: 16 + 65_535, limit: 2048)
            ),
            Refused(name: "no family", bytes: Golden.signature + [0x21, 0x00, 0, 0], error: .unexpected(0)),
            Refused(name: "UDP", bytes: Golden.signature + [0x21, 0x12, 0, 0], error: .unexpected(0x12)),
            Refused(
                name: "Unix socket",
                bytes: Golden.signature + [0x21, 0x31, 0, 0],
                error: .unexpected(0x31)
            ),
            Refused(
                name: "two authorities",
                bytes: Golden.withTLVs([0x02, 0, 1, 0x61, 0x02, 0, 1, 0x61]),
                error: .invalid(field: "authority")
            ),
            Refused(
                name: "line break in the authority",
                bytes: Golden.withTLVs([0x02, 0, 2, 0x61, 0x0A]),
                error: .invalid(field: "authority")
            ),
            Refused(
                name: "authority is not UTF-8",
                bytes: Golden.withTLVs([0x02, 0, 1, 0xFF]),
                error: .invalid(field: "utf8")
            ),
            Refused(
                name: "authority too long",
                bytes: Golden.withTLVs([0x02, 1, 0] + [UInt8](repeating: 0x61, count: 256)),
                error: .oversize(length: 256, limit: 255)
            ),
            Refused(
                name: "short correlation",
                bytes: Golden.withTLVs([0xE0, 0, 1, 1]),
                error: .invalid(field: "correlation")
            ),
            Refused(
                name: "long hash",
                bytes: Golden.withTLVs([0xE1, 0, 33] + [UInt8](repeating: 1, count: 33)),
                error: .invalid(field: "certificate hash")
            ),
            Refused(
                name: "TLS without a version",
                bytes: Golden.withTLVs([0x20, 0, 5, 1, 0, 0, 0, 0]),
                error: .invalid(field: "TLS")
            ),
            Refused(
                name: "TLS breaks off",
                bytes: Golden.withTLVs([0x20, 0, 4, 1, 0, 0, 0]),
                error: .truncated(needed: 4, available: 3)
            ),
            Refused(
                name: "TLV longer than the header",
                bytes: Golden.withTLVs([0x02, 0, 9, 0x61]),
                error: .truncated(needed: 9, available: 1)
            ),
        ]
    )
    func refused(refused: Refused) {
        #expect(throws: refused.error) { _ = try ProxyHeader.parse(refused.bytes) }
    }

    @Test("fields that would be refused are not written")
    func notWritten() throws {
        var header = try Self.fullHeader()
        header.authority = "a b"
        #expect(throws: DecodeError.invalid(field: "authority")) { try header.encoded() }
        header.authority = String(repeating: "a", count: 256)
        #expect(throws: DecodeError.oversize(length: 256, limit: 255)) { try header.encoded() }
        header.authority = nil
        header.tls?.commonName = "a\u{1B}"
        #expect(throws: DecodeError.invalid(field: "common name")) { try header.encoded() }
        header.tls = nil
        header.correlation = [1]
        #expect(throws: DecodeError.invalid(field: "correlation")) { try header.encoded() }
        header.correlation = nil
        header.certificateSHA256 = []
        #expect(throws: DecodeError.invalid(field: "certificate hash")) { try header.encoded() }
    }

    @Test("the oracle holds for headers with changed bytes", arguments: 0..<200 as Range<UInt64>)
    func oracle(seed: UInt64) throws {
        var numbers = RepeatableNumbers(seed: seed)
        var bytes = try #require(
            [Golden.plainIPv4, Golden.local, Golden.full].randomElement(using: &numbers)
        )
        for _ in 0..<Int.random(in: 0...3, using: &numbers) {
            let offset = Int.random(in: 12..<bytes.count, using: &numbers)
            bytes[offset] = UInt8.random(in: 0...255, using: &numbers)
        }
        ProxyProtocolOracle.run(bytes)
    }

    /// Inputs that once broke something; they stay.
    static let findings: [[UInt8]] = [[], [0x0D], Golden.signature, Golden.signature + [0x21]]

    @Test("the oracle holds for stored findings", arguments: findings)
    func storedFindings(input: [UInt8]) {
        ProxyProtocolOracle.run(input)
    }
}
