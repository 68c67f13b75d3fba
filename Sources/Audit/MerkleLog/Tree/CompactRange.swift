// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the growing right edge of a tree: all that is needed to append and to know the root.

/// The roots of the perfect subtrees that a tree consists of, the largest first; at most 63 hashes.
package struct CompactRange: Hashable, Sendable {
    /// Entries so far.
    package private(set) var size: UInt64 = 0
    /// One for each bit of `size`, from the highest to the lowest.
    package private(set) var peaks: [TreeHash] = []

    /// The empty tree.
    package init() {}

    /// A tree whose peaks are known.
    package init(size: UInt64, peaks: [TreeHash]) throws(MerkleError) {
        guard size <= MerkleLimits.treeSize, peaks.count == size.nonzeroBitCount else {
            throw .invalid(field: "peaks")
        }
        self.size = size
        self.peaks = peaks
    }

    /// Adds one entry.
    package mutating func append(_ leaf: TreeHash, _ hasher: TreeHasher) throws(MerkleError) {
        try append(perfect: leaf, level: 0, hasher)
    }

    /// Adds a perfect subtree of 2^level entries; the size must be a multiple of that.
    package mutating func append(
        perfect root: TreeHash,
        level: Int,
        _ hasher: TreeHasher
    ) throws(MerkleError) {
        guard 0 <= level, level < 63 else { throw .invalid(field: "level") }
        let width = UInt64(1) << UInt64(level)
        guard size & (width - 1) == 0 else { throw .invalid(field: "subtree place") }
        guard size <= MerkleLimits.treeSize - width else {
            throw .outside(index: size, size: MerkleLimits.treeSize)
        }
        var hash = root
        var bits = size >> UInt64(level)
        // INVARIANT: a set bit means that a left brother of equal width is on the stack.
        while bits & 1 == 1, let left = peaks.popLast() {
            hash = hasher.node(left, hash)
            bits >>= 1
        }
        peaks.append(hash)
        size += width
    }

    /// The root of the whole tree.
    package func root(_ hasher: TreeHasher) -> TreeHash {
        guard var root = peaks.last else { return hasher.empty }
        for peak in peaks.dropLast().reversed() { root = hasher.node(peak, root) }
        return root
    }
}
