// SPDX-License-Identifier: EUPL-1.2
// Torhaus: proof that one entry is in a tree (RFC 9162 section 2.1.3).

/// The hashes beside the way from a leaf to the root, the leaf's brother first.
package struct InclusionProof: Hashable, Sendable {
    /// Position of the entry, from 0.
    package let index: UInt64
    /// Entries of the tree it is proven for.
    package let size: UInt64
    /// At most 63.
    package let hashes: [TreeHash]

    /// Takes every field as it is; `check` judges.
    package init(index: UInt64, size: UInt64, hashes: [TreeHash]) {
        self.index = index
        self.size = size
        self.hashes = hashes
    }

    /// Builds the proof; nil when there is no such entry.
    package static func make<Source: NodeSource>(
        index: UInt64,
        size: UInt64,
        from source: Source,
        _ hasher: TreeHasher
    ) throws(Source.Failure) -> InclusionProof? {
        guard index < size, size <= MerkleLimits.treeSize else { return nil }
        var range = 0..<size
        var hashes: [TreeHash] = []
        while 1 < range.upperBound - range.lowerBound {
            let middle = range.lowerBound + TreeShape.split(range.upperBound - range.lowerBound)
            let (left, right) = (range.lowerBound..<middle, middle..<range.upperBound)
            hashes.append(try source.hash(of: index < middle ? right : left, hasher))
            range = index < middle ? left : right
        }
        return InclusionProof(index: index, size: size, hashes: hashes.reversed())
    }

    /// Throws unless the hashes lead from the leaf to the root.
    package func check(leaf: TreeHash, root: TreeHash, _ hasher: TreeHasher) throws(MerkleError) {
        guard index < size, size <= MerkleLimits.treeSize else { throw .outside(index: index, size: size) }
        guard hashes.count <= MerkleLimits.inclusionHashes else {
            throw .oversize(length: hashes.count, limit: MerkleLimits.inclusionHashes)
        }
        var first = index
        var last = size - 1
        var hash = leaf
        for brother in hashes {
            guard last != 0 else { throw .wrongProof }
            if first & 1 == 1 || first == last {
                hash = hasher.node(brother, hash)
                // A node without a right brother is carried up until it has a left one.
                while first & 1 == 0, first != 0 {
                    first >>= 1
                    last >>= 1
                }
            } else {
                hash = hasher.node(hash, brother)
            }
            first >>= 1
            last >>= 1
        }
        guard last == 0, hash == root else { throw .wrongProof }
    }
}
