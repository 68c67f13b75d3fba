// SPDX-License-Identifier: EUPL-1.2
// Torhaus: who of the known keys signed a note.

/// Hashing and Ed25519 verification, as the caller's library does them.
package struct NoteCrypto: Sendable {
    /// True when the signature is this key's for the message: (public key, message, signature).
    package typealias Verify = @Sendable (_ key: [UInt8], _ message: [UInt8], _ signature: [UInt8]) -> Bool

    package let hasher: TreeHasher
    package let verify: Verify

    /// Takes both functions.
    package init(hasher: TreeHasher, verify: @escaping Verify) {
        self.hasher = hasher
        self.verify = verify
    }
}

/// A signature that was found good.
package struct VerifiedSignature: Hashable, Sendable {
    package let key: VerifierKey
    /// Seconds since 1970 that a witness states; nil for the log's own signature.
    package let time: UInt64?
}

extension SignedNote {
    /// The signatures of the keys given.
    ///
    /// Lines of other keys are passed over; a line of one of these keys that does not fit refuses the whole note.
    /// No signature at all is no error here: an empty list.
    package func signatures(
        of keys: [VerifierKey],
        _ crypto: NoteCrypto
    ) throws(MerkleError) -> [VerifiedSignature] {
        var found: [VerifiedSignature] = []
        for signature in signatures {
            guard let key = keys.first(where: { $0.name == signature.name && $0.id == signature.id }),
                !found.contains(where: { $0.key == key })
            else { continue }
            found.append(try check(signature, of: key, crypto))
        }
        return found
    }

    /// Throws unless this key signed the note.
    package func expectSignature(of key: VerifierKey, _ crypto: NoteCrypto) throws(MerkleError) {
        guard try !signatures(of: [key], crypto).isEmpty else { throw .unsigned }
    }

    private func check(
        _ signature: NoteSignature,
        of key: VerifierKey,
        _ crypto: NoteCrypto
    ) throws(MerkleError) -> VerifiedSignature {
        switch key.algorithm {
        case .ed25519:
            guard crypto.verify(key.publicKey, Array(text.utf8), signature.payload) else {
                throw .wrongSignature(key: key.name)
            }
            return VerifiedSignature(key: key, time: nil)
        case .cosignature:
            let (time, bare) = try Cosignature.take(signature.payload)
            guard crypto.verify(key.publicKey, Cosignature.message(time: time, text: text), bare) else {
                throw .wrongSignature(key: key.name)
            }
            return VerifiedSignature(key: key, time: time)
        }
    }
}
