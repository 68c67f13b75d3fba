// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a tree in memory that proofs can be taken from, and the library's functions as parameters.

import ByteCoding
import MerkleLog
import OpenSSLKit

let hasher = TreeHasher { TreeHash(TreeDigest.sha256($0)) }
let crypto = NoteCrypto(hasher: hasher) { Ed25519.verify(publicKey: $0, message: $1, signature: $2) }

/// Nodes of every perfect subtree of the first entries.
struct TestTree: NodeSource {
    private(set) var levels: [[TreeHash]]

    init(leaves: [TreeHash]) {
        levels = [leaves]
        while let below = levels.last, 1 < below.count {
            levels.append(
                stride(from: 0, to: below.count - 1, by: 2).map { hasher.node(below[$0], below[$0 + 1]) }
            )
        }
    }

    init(entries: [[UInt8]]) { self.init(leaves: entries.map { hasher.leaf($0) }) }

    func node(level: Int, index: UInt64) -> TreeHash { levels[level][Int(index)] }
}

/// RFC 6962's definition, word by word, to compare with.
func definedRoot(_ leaves: ArraySlice<TreeHash>) -> TreeHash {
    guard 1 < leaves.count else { return leaves.first ?? hasher.empty }
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    let middle = leaves.startIndex + split
    return hasher.node(definedRoot(leaves[..<middle]), definedRoot(leaves[middle...]))
}

/// A signer whose seed is one byte 32 times.
func signer(_ name: String, seed: UInt8, _ algorithm: NoteAlgorithm = .ed25519) throws -> NoteSigner {
    let secret = try Ed25519Key(seed: [UInt8](repeating: seed, count: 32))
    let key = try VerifierKey(name: name, algorithm: algorithm, publicKey: secret.publicKey, hasher)
    return NoteSigner(key: key) { (message) throws(MerkleError) in
        do throws(OpenSSLError) {
            return try secret.sign(message)
        } catch {
            throw .noSignature(reason: error.message)
        }
    }
}

/// Bytes from hexadecimal digits.
func bytes(_ text: String) -> [UInt8] {
    let digits = text.compactMap { $0.hexDigitValue }
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
}

func hash(_ text: String) throws -> TreeHash {
    guard let hash = TreeHash(bytes(text)) else { throw MerkleError.invalid(field: "test hash") }
    return hash
}

/// Numbers that are the same in each run (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension TreeHash {
    init(_ bytes: [32 of UInt8]) {
        let span = bytes.span
        self.init(span.bytes)
    }
}
