// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the cryptography that identities rest on, given in so that tests can watch and replace it.

internal import OpenSSLKit
internal import Synchronization

/// What is asked of the cryptographic library.
package struct IdentityCalls: Sendable {
    /// HMAC-SHA-256: key, message; 32 bytes.
    package var hmac: @Sendable ([UInt8], [UInt8]) -> [UInt8]
    /// SHA-256.
    package var sha256: @Sendable ([UInt8]) -> [UInt8]
    /// Fresh random bytes.
    package var random: @Sendable (Int) throws -> [UInt8]
    /// Authenticated encryption: plain bytes, key of 32 bytes, context.
    package var seal: @Sendable ([UInt8], [UInt8], [UInt8]) throws -> [UInt8]
    /// Its inverse.
    package var open: @Sendable ([UInt8], [UInt8], [UInt8]) throws -> [UInt8]
    /// Seals a secret for a public key in PEM.
    package var sealFor: @Sendable (String, [UInt8]) throws -> [UInt8]
    /// What a public key in PEM is known by, however its file looks.
    package var fingerprint: @Sendable (String) throws -> [UInt8]

    package init(
        hmac: @escaping @Sendable ([UInt8], [UInt8]) -> [UInt8],
        sha256: @escaping @Sendable ([UInt8]) -> [UInt8],
        random: @escaping @Sendable (Int) throws -> [UInt8],
        seal: @escaping @Sendable ([UInt8], [UInt8], [UInt8]) throws -> [UInt8],
        open: @escaping @Sendable ([UInt8], [UInt8], [UInt8]) throws -> [UInt8],
        sealFor: @escaping @Sendable (String, [UInt8]) throws -> [UInt8],
        fingerprint: @escaping @Sendable (String) throws -> [UInt8]
    ) {
        self.hmac = hmac
        self.sha256 = sha256
        self.random = random
        self.seal = seal
        self.open = open
        self.sealFor = sealFor
        self.fingerprint = fingerprint
    }

    /// The system's library.
    package static let system = IdentityCalls(
        hmac: { Digest.hmacSHA256(key: $0, $1) },
        sha256: { Digest.sha256($0) },
        random: { try RandomBytes.make(count: $0) },
        seal: { try AuthenticatedCipher.seal($0, key: $1, context: $2) },
        open: { try AuthenticatedCipher.open($0, key: $1, context: $2) },
        sealFor: { [keys = RecipientKeys()] pem, secret in try keys.key(pem).seal(secret) },
        fingerprint: { pem in
            try RecipientPublicKey(pem: Array(pem.utf8), name: "a holder's key").fingerprint()
        }
    )
}

/// Holders' public keys that were read once: reading one costs more than sealing with it.
private final class RecipientKeys: Sendable {
    private let keys = Mutex<[String: RecipientPublicKey]>([:])

    func key(_ pem: String) throws -> RecipientPublicKey {
        if let known = keys.withLock({ $0[pem] }) { return known }
        let key = try RecipientPublicKey(pem: Array(pem.utf8), name: "a holder's key")
        keys.withLock { keys in
            // One register fills it; more are those of tests, or of a file that was changed.
            if HolderRegister.mostHolders <= keys.count { keys = [:] }
            keys[pem] = key
        }
        return key
    }
}
