// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the system library's functions in the shapes that the Merkle log takes.

package import MerkleLog
package import OpenSSLKit

/// SHA-256 and Ed25519 of the library.
package enum LogCrypto {
    /// RFC 6962 over the library's SHA-256.
    package static let hasher = TreeHasher { bytes in
        let digest = TreeDigest.sha256(bytes)
        let span = digest.span
        // Any UInt8 is a byte; `bytes` is unsafe only for elements with padding.
        return TreeHash(unsafe span.bytes)
    }

    /// Hashing and verification for notes.
    package static let notes = NoteCrypto(hasher: hasher) {
        Ed25519.verify(publicKey: $0, message: $1, signature: $2)
    }

    /// A signer with this name.
    package static func signer(
        name: String,
        algorithm: NoteAlgorithm,
        key: Ed25519Key
    ) throws(MerkleError) -> NoteSigner {
        let verifier = try VerifierKey(
            name: name,
            algorithm: algorithm,
            publicKey: key.publicKey,
            hasher
        )
        return NoteSigner(key: verifier) { (message) throws(MerkleError) in
            do throws(OpenSSLError) {
                return try key.sign(message)
            } catch {
                throw .noSignature(reason: error.message)
            }
        }
    }
}
