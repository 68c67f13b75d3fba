// SPDX-License-Identifier: EUPL-1.2
// Torhaus: signing notes with a key that the caller holds.

/// A named key that can sign.
package struct NoteSigner: Sendable {
    /// 64 bytes of Ed25519 for the message.
    package typealias Sign = @Sendable (_ message: [UInt8]) throws(MerkleError) -> [UInt8]

    /// The public side.
    package let key: VerifierKey
    private let sign: Sign

    /// The key's two sides.
    package init(key: VerifierKey, sign: @escaping Sign) {
        self.key = key
        self.sign = sign
    }

    /// The log's signature, or a witness's with its time in seconds since 1970, as the key's algorithm says.
    package func signature(of text: String, time: UInt64 = 0) throws(MerkleError) -> NoteSignature {
        switch key.algorithm {
        case .ed25519:
            return NoteSignature(by: key, payload: try sign(Array(text.utf8)))
        case .cosignature:
            let bare = try sign(Cosignature.message(time: time, text: text))
            return NoteSignature(by: key, payload: Cosignature.payload(time: time, signature: bare))
        }
    }
}
