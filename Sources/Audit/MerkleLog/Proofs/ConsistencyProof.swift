// SPDX-License-Identifier: EUPL-1.2
// Torhaus: proof that one tree is the beginning of another (RFC 9162 section 2.1.4).

/// Shows that nothing of the first `old` entries was changed when the tree grew to `new`.
package struct ConsistencyProof: Hashable, Sendable {
    /// Entries of the earlier tree.
    package let old: UInt64
    /// Entries of the later tree.
    package let new: UInt64
    /// At most 63; empty when the sizes are equal or the earlier tree has no entry.
    package let hashes: [TreeHash]

    /// Takes every field as it is; `check` judges.
    package init(old: UInt64, new: UInt64, hashes: [TreeHash]) {
        self.old = old
        self.new = new
        self.hashes = hashes
    }

    /// Builds the proof; nil when `old` is above `new`.
    package static func make<Source: NodeSource>(
        old: UInt64,
        new: UInt64,
        from source: Source,
        _ hasher: TreeHasher
    ) throws(Source.Failure) -> ConsistencyProof? {
        guard old <= new, new <= MerkleLimits.treeSize else { return nil }
        guard 0 < old, old < new else { return ConsistencyProof(old: old, new: new, hashes: []) }
        var range = 0..<new
        var hashes: [TreeHash] = []
        while old != range.upperBound {
            let middle = range.lowerBound + TreeShape.split(range.upperBound - range.lowerBound)
            let (left, right) = (range.lowerBound..<middle, middle..<range.upperBound)
            hashes.append(try source.hash(of: old <= middle ? right : left, hasher))
            range = old <= middle ? left : right
        }
        // When the way went left only, the verifier has this hash already: it is the old root.
        if range.lowerBound != 0 { hashes.append(try source.hash(of: range, hasher)) }
        return ConsistencyProof(old: old, new: new, hashes: hashes.reversed())
    }

    /// Throws unless a tree with `oldRoot` is the beginning of one with `newRoot`.
    ///
    /// The empty tree is the beginning of every tree, and its proof is empty.
    package func check(oldRoot: TreeHash, newRoot: TreeHash, _ hasher: TreeHasher) throws(MerkleError) {
        guard old <= new, new <= MerkleLimits.treeSize else { throw .outside(index: old, size: new) }
        guard hashes.count <= MerkleLimits.consistencyHashes else {
            throw .oversize(length: hashes.count, limit: MerkleLimits.consistencyHashes)
        }
        if old == 0 {
            guard hashes.isEmpty, oldRoot == hasher.empty, 0 < new || oldRoot == newRoot else {
                throw .wrongProof
            }
            return
        }
        if old == new {
            guard hashes.isEmpty, oldRoot == newRoot else { throw .wrongProof }
            return
        }
        guard !hashes.isEmpty else { throw .wrongProof }
        let path = old & (old - 1) == 0 ? [oldRoot] + hashes : hashes
        try climb(path[...], oldRoot, newRoot, hasher)
    }

    private func climb(
        _ path: ArraySlice<TreeHash>,
        _ oldRoot: TreeHash,
        _ newRoot: TreeHash,
        _ hasher: TreeHasher
    ) throws(MerkleError) {
        guard let start = path.first else { throw .wrongProof }
        var first = old - 1
        var last = new - 1
        while first & 1 == 1 {
            first >>= 1
            last >>= 1
        }
        var (earlier, later) = (start, start)
        for hash in path.dropFirst() {
            guard last != 0 else { throw .wrongProof }
            if first & 1 == 1 || first == last {
                earlier = hasher.node(hash, earlier)
                later = hasher.node(hash, later)
                while first & 1 == 0, first != 0 {
                    first >>= 1
                    last >>= 1
                }
            } else {
                later = hasher.node(later, hash)
            }
            first >>= 1
            last >>= 1
        }
        guard last == 0, earlier == oldRoot, later == newRoot else { throw .wrongProof }
    }
}
