// SPDX-License-Identifier: EUPL-1.2
// Torhaus: public keys of notes as text: NAME+ID+BASE64 (C2SP signed-note).

internal import ByteCoding

/// What a signature is made with.
package enum NoteAlgorithm: UInt8, Hashable, Sendable {
    /// Ed25519 over the note's text.
    case ed25519 = 0x01
    /// Ed25519 over time and text: a witness's (tlog-cosignature v1).
    case cosignature = 0x04
}

/// A public key with its name.
package struct VerifierKey: Hashable, Sendable {
    /// Ed25519 (RFC 8032): 32 bytes.
    package static let keyBytes = 32

    /// The log's origin or the witness's name.
    package let name: String
    /// The first 4 bytes of SHA-256(name || 0x0A || algorithm || key).
    package let id: UInt32
    package let algorithm: NoteAlgorithm
    /// 32 bytes.
    package let publicKey: [UInt8]

    /// Names a key.
    package init(
        name: String,
        algorithm: NoteAlgorithm,
        publicKey: [UInt8],
        _ hasher: TreeHasher
    ) throws(MerkleError) {
        guard KeyName.isValid(name) else { throw .invalid(field: "key name") }
        guard publicKey.count == Self.keyBytes else { throw .invalid(field: "public key") }
        self.name = name
        self.algorithm = algorithm
        self.publicKey = publicKey
        let named = Array(name.utf8) + [0x0A, algorithm.rawValue] + publicKey
        id = hasher.digest(named.rawSpan).bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Reads `NAME+ID+BASE64`; the id must be the key's.
    package init(text: String, _ hasher: TreeHasher) throws(MerkleError) {
        let plus = UInt8(ascii: "+")
        // The base64 may have plus signs of its own; the name and the id have none.
        let parts = text.utf8.split(separator: plus, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let name = String(parts[0]), let written = String(parts[1]) else {
            throw .invalid(field: "key text")
        }
        guard let key = Base64.decode(parts[2]), let first = key.first,
            let algorithm = NoteAlgorithm(rawValue: first)
        else { throw .invalid(field: "key") }
        try self.init(name: name, algorithm: algorithm, publicKey: Array(key.dropFirst()), hasher)
        guard written == idText else { throw .invalid(field: "key id") }
    }

    /// Eight lower-case hexadecimal digits.
    package var idText: String {
        let digits = String(id, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// `NAME+ID+BASE64`.
    package var text: String {
        "\(name)+\(idText)+\(Base64.encode([algorithm.rawValue] + publicKey))"
    }
}
