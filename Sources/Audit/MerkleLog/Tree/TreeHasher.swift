// SPDX-License-Identifier: EUPL-1.2
// Torhaus: how leaves and nodes are hashed (RFC 6962 section 2.1).

internal import ByteCoding

/// The tree's hashing over a SHA-256 that the caller brings.
package struct TreeHasher: Sendable {
    /// SHA-256 of the bytes.
    package typealias Digest = @Sendable (RawSpan) -> TreeHash

    private static let leafPrefix: UInt8 = 0
    private static let nodePrefix: UInt8 = 1

    /// SHA-256 of anything, for key ids.
    package let digest: Digest

    /// Hashes with this SHA-256.
    package init(digest: @escaping Digest) {
        self.digest = digest
    }

    /// The root of a tree without entries.
    package var empty: TreeHash {
        let nothing: [UInt8] = []
        return digest(nothing.rawSpan)
    }

    /// SHA-256(0x00 || entry): the prefix keeps an entry from being read as a node.
    package func leaf(_ entry: some Collection<UInt8>) -> TreeHash {
        var input: [UInt8] = []
        input.reserveCapacity(1 + entry.count)
        input.append(Self.leafPrefix)
        input.append(contentsOf: entry)
        return digest(input.rawSpan)
    }

    /// SHA-256(0x01 || left || right).
    package func node(_ left: TreeHash, _ right: TreeHash) -> TreeHash {
        var input = [65 of UInt8](repeating: Self.nodePrefix)
        var elements = input.mutableSpan
        var raw = unsafe elements.mutableBytes
        left.store(to: &raw, at: 1)
        right.store(to: &raw, at: 1 + TreeHash.byteCount)
        return digest(unsafe input.span.bytes)
    }

    /// The root of a perfect subtree whose hashes are given; their count must be a power of two.
    package func perfectRoot(of hashes: ArraySlice<TreeHash>) throws(MerkleError) -> TreeHash {
        guard 0 < hashes.count, hashes.count & (hashes.count - 1) == 0 else {
            throw .invalid(field: "subtree width")
        }
        var row = Array(hashes)
        while 1 < row.count {
            row = stride(from: 0, to: row.count, by: 2).map { node(row[$0], row[$0 + 1]) }
        }
        return row[0]
    }
}
