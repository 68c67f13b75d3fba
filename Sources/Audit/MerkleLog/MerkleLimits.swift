// SPDX-License-Identifier: EUPL-1.2
// Torhaus: every bound of the Merkle log with its source.

/// Lengths and counts.
///
/// Specifications are those of C2SP unless it says otherwise.
package enum MerkleLimits {
    /// Sizes are int64 in the original implementation; a tree never grows past it.
    package static let treeSize = UInt64(Int64.max)
    /// tlog-tiles: hashes of a full tile, entries of a full bundle.
    package static let tileWidth = 256
    /// tlog-tiles: a tile spans 8 levels of the tree.
    package static let tileHeight = 8
    /// tlog-tiles: levels 0 to 63 exist; 8 of them hold every tree of up to 2^63 entries.
    package static let tileLevels = 8
    /// tlog-tiles: an entry stands behind a u16 length.
    package static let entryBytes = 65_535
    /// A bundle of 256 entries of the largest size.
    package static let bundleBytes = tileWidth * (2 + entryBytes)
    /// RFC 9162 2.1.3: one hash a level, and 63 levels at most.
    package static let inclusionHashes = 63
    /// tlog-witness: at most 63 lines.
    package static let consistencyHashes = 63
    /// signed-note leaves it to us; a checkpoint with 16 cosignatures of ML-DSA size has 52 kB.
    package static let noteBytes = 65_536
    /// signed-note: at least 16 must be accepted.
    package static let noteSignatures = 64
    /// Names are host names with a path.
    package static let keyNameBytes = 255
    /// Lines behind the root of a checkpoint, which the specification advises against.
    package static let checkpointExtensions = 16
    /// Extra data of a proof file.
    package static let proofExtraBytes = 16_384
    /// A policy of a few witnesses has a few hundred bytes.
    package static let policyBytes = 65_536
}
