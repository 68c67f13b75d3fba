// SPDX-License-Identifier: EUPL-1.2
// Torhaus: digests against published vectors, random bytes, secrets and comparisons.

import Testing

@testable import OpenSSLKit

@Suite("Digests, random bytes and secrets") struct CryptoTests {
    private func hex(_ bytes: [UInt8]) -> String { Hex.upper(bytes).lowercased() }

    @Test("hashes match FIPS 180-4 examples")
    func digests() {
        let abc = Array("abc".utf8)
        #expect(hex(Digest.sha1(abc)) == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(hex(Digest.sha256(abc)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(hex(Digest.sha256([])) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test("the WebSocket accept value of RFC 6455 comes out")
    func webSocketAccept() {
        let text = "dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        #expect(hex(Digest.sha1(Array(text.utf8))) == "b37a4f2cc0624f1690f64606cf385945b2bec4ea")
    }

    @Test("keyed hashes match RFC 4231 cases 2 and 1, and an empty key is an empty key")
    func hmac() {
        let second = Digest.hmacSHA256(key: Array("Jefe".utf8), Array("what do ya want for nothing?".utf8))
        #expect(hex(second) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        let first = Digest.hmacSHA256(key: [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8))
        #expect(hex(first) == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        let empty = Digest.hmacSHA256(key: [], [])
        #expect(hex(empty) == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    @Test("random bytes have the length asked for, differ, and are bounded")
    func random() throws {
        #expect(try RandomBytes.make(count: 0).isEmpty)
        let (one, two) = (try RandomBytes.make(count: 32), try RandomBytes.make(count: 32))
        #expect(one.count == 32 && one != two)
        #expect(throws: OpenSSLError.self) { _ = try RandomBytes.make(count: -1) }
        #expect(throws: OpenSSLError.self) { _ = try RandomBytes.make(count: RandomBytes.limit + 1) }
        var secret = SecretBytes(count: 32)
        try RandomBytes.fill(&secret)
        #expect(!constantTimeEqual(secret.copy(), [UInt8](repeating: 0, count: 32)))
    }

    @Test("equality in constant time is equality")
    func equality() {
        #expect(constantTimeEqual([], []))
        #expect(constantTimeEqual([1, 2, 3], [1, 2, 3]))
        #expect(!constantTimeEqual([1, 2, 3], [1, 2, 4]))
        #expect(!constantTimeEqual([1, 2, 3], [1, 2]))
    }

    @Test("secret bytes hold what was copied")
    func secrets() {
        let secret = SecretBytes(copying: [1, 2, 3, 255])
        #expect(secret.count == 4)
        #expect(secret.copy() == [1, 2, 3, 255])
    }

    @Test("error codes of the library that a peer can cause have a fixed sentence")
    func faultTexts() {
        let all: [TLSFault] = [
            .peerAlert(48), .notTLS, .protocolViolation, .nothingShared, .unrecognizedName,
            .noApplicationProtocol, .clientCertificate, .closedInHandshake, .reset, .inputOutput(5),
            .overflow,
            .library,
        ]
        #expect(Set(all.map(\.description)).count == all.count)
        #expect(TLSFault(libraryError: 0) == .library)
    }

    @Test("names are found exactly or by a wildcard for one label")
    func nameTable() {
        var table = NameTable()
        table.add(["a.example", "*.b.example"], index: 0)
        table.add(["a.example", "c.b.example"], index: 1)
        #expect(table.find("a.example") == 0)
        #expect(table.find("x.b.example") == 0)
        #expect(table.find("c.b.example") == 1)
        #expect(table.find("b.example") == nil)
        #expect(table.find(".b.example") == nil)
        #expect(table.find("x.y.b.example") == nil)
        #expect(table.find("*.b.example") == 0)
        #expect(table.find("") == nil)
    }
}
