// SPDX-License-Identifier: EUPL-1.2
// Torhaus: where proofs get the hashes of perfect subtrees from, and how those of other ranges follow.

/// Gives nodes of the tree.
package protocol NodeSource {
    associatedtype Failure: Error

    /// The root of the perfect subtree of entries `index << level ..< (index + 1) << level`.
    func node(level: Int, index: UInt64) throws(Failure) -> TreeHash
}

extension NodeSource {
    /// The hash of entries `range`, as RFC 6962 builds a tree of them; the range must not be empty, and its start
    /// must be a multiple of the smallest power of two that is not below its width.
    func hash(of range: Range<UInt64>, _ hasher: TreeHasher) throws(Failure) -> TreeHash {
        let width = range.upperBound - range.lowerBound
        if width & (width - 1) == 0 {
            let level = width.trailingZeroBitCount
            return try node(level: level, index: range.lowerBound >> UInt64(level))
        }
        let middle = range.lowerBound + TreeShape.split(width)
        return hasher.node(
            try hash(of: range.lowerBound..<middle, hasher),
            try hash(of: middle..<range.upperBound, hasher)
        )
    }

    /// The root of the first `size` entries.
    package func root(size: UInt64, _ hasher: TreeHasher) throws(Failure) -> TreeHash {
        size == 0 ? hasher.empty : try hash(of: 0..<size, hasher)
    }
}

/// The form of the tree.
enum TreeShape {
    /// The largest power of two below `width`, which must be above 1.
    static func split(_ width: UInt64) -> UInt64 {
        UInt64(1) << UInt64(63 - (width - 1).leadingZeroBitCount)
    }
}
