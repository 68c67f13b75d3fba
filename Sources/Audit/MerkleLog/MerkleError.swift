// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the Merkle log as arithmetic: tree, proofs, signed notes, checkpoints, tiles. Pure: hashing and signing are
// parameters, and whoever verifies a log needs nothing but this.

/// Why bytes of a log, or a claim about it, are refused.
package enum MerkleError: Error, Equatable, Sendable {
    /// A field breaks its rule; `field` is a fixed name, never bytes from outside.
    case invalid(field: String)
    /// A length or a count is above its limit.
    case oversize(length: Int, limit: Int)
    /// The entry or node asked for is not in a tree of this size.
    case outside(index: UInt64, size: UInt64)
    /// The proof does not lead from what is claimed to the root.
    case wrongProof
    /// The note carries no signature of a key that was asked for.
    case unsigned
    /// A signature of a known key does not fit the note: the whole note is refused.
    case wrongSignature(key: String)
    /// The key's operation failed; not a statement about the note.
    case noSignature(reason: String)
}
