// SPDX-License-Identifier: EUPL-1.2
// Torhaus: sealed records and secrets open for the right key, whole, and for nobody else.

import Foundation
import Testing

@testable import OpenSSLKit

@Suite("Sealing") struct SealingTests {
    private let key = [UInt8](0..<32)

    @Test("a sealed record opens with its key in its context", arguments: [0, 1, 16, 1000])
    func opens(_ length: Int) throws {
        let plain = [UInt8](repeating: 0x5A, count: length)
        let sealed = try AuthenticatedCipher.seal(plain, key: key, context: [1, 2])
        #expect(sealed.count == length + 28)
        #expect(try AuthenticatedCipher.open(sealed, key: key, context: [1, 2]) == plain)
        #expect(try AuthenticatedCipher.seal(plain, key: key, context: [1, 2]) != sealed)
    }

    @Test("AES-256-GCM test case 16 of the GCM specification opens")
    func vector() throws {
        let key = bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")
        let nonce = bytes("cafebabefacedbaddecaf888")
        let plain = bytes(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
                + "b16aedf5aa0de657ba637b39"
        )
        let cipher = bytes(
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838"
                + "c5f61e6393ba7a0abcc9f662"
        )
        let context = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2")
        let tag = bytes("76fc6ece0f4e1768cddf8853bb2d551b")
        #expect(try AuthenticatedCipher.open(nonce + cipher + tag, key: key, context: context) == plain)
    }

    @Test("a record with another byte, key, context or length does not open")
    func refuses() throws {
        let sealed = try AuthenticatedCipher.seal([1, 2, 3], key: key, context: [9])
        for offset in sealed.indices {
            var other = sealed
            other[offset] ^= 1
            #expect(throws: OpenSSLError.self) {
                try AuthenticatedCipher.open(other, key: key, context: [9])
            }
        }
        let others: [(sealed: [UInt8], key: [UInt8], context: [UInt8])] = [
            (sealed, [UInt8](1..<33), [9]), (sealed, key, [8]), (sealed, key, []), ([], key, [9]),
            (Array(sealed.dropLast()), key, [9]), (sealed, Array(key.dropLast()), [9]),
        ]
        for other in others {
            #expect(throws: OpenSSLError.self) {
                try AuthenticatedCipher.open(other.sealed, key: other.key, context: other.context)
            }
        }
    }

    @Test("a secret sealed for a person opens with that person's key alone")
    func recipients() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (one, two) = (folder.appending(path: "one").path, folder.appending(path: "two").path)
        for path in [one, two] {
            try openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072", "-out", path)
            try openssl("pkey", "-in", path, "-pubout", "-out", path + ".pub")
        }
        let pem = try Array(Data(contentsOf: URL(filePath: one + ".pub")))
        let publicKey = try RecipientPublicKey(pem: pem, name: "one")
        let secret = [UInt8](repeating: 7, count: RecipientPublicKey.longestSecret)
        let sealed = try publicKey.seal(secret)
        #expect(try RecipientPrivateKey(path: one, asking: false).open(sealed) == secret)
        let other = try RecipientPrivateKey(path: two, asking: false)
        #expect(throws: OpenSSLError.self) { try other.open(sealed) }
        #expect(throws: OpenSSLError.self) { try other.open([]) }
        #expect(throws: OpenSSLError.self) { try publicKey.seal(secret + [0]) }
        #expect(throws: OpenSSLError.self) { try RecipientPublicKey(pem: [1, 2], name: "none") }
        #expect(throws: OpenSSLError.self) { try RecipientPrivateKey(path: one + ".pub", asking: false) }
        #expect(try publicKey.fingerprint().count == 32)

        let small = folder.appending(path: "small").path
        try openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", small)
        #expect(throws: OpenSSLError.self) { try RecipientPrivateKey(path: small, asking: false) }
    }

    private func openssl(_ arguments: String...) throws {
        let run = try Tool.openssl(arguments)
        #expect(run.status == 0, "\(run.everything)")
    }

    private func bytes(_ hex: String) -> [UInt8] {
        stride(from: 0, to: hex.count, by: 2).compactMap { offset in
            UInt8(hex.dropFirst(offset).prefix(2), radix: 16)
        }
    }
}
