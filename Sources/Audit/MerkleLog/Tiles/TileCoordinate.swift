// SPDX-License-Identifier: EUPL-1.2
// Torhaus: which files a log of some size consists of, and how they are called (C2SP tlog-tiles).

/// A tile of hashes or a bundle of entries.
package struct TileCoordinate: Hashable, Sendable {
    /// What is in the file.
    package enum Kind: Hashable, Sendable {
        /// 256 hashes; those of level 0 are leaves, each of level n+1 is the root of a full tile of level n.
        case hashes(level: Int)
        /// The entries themselves.
        case entries
    }

    /// What is in the file.
    package let kind: Kind
    /// From 0.
    package let index: UInt64
    /// 1 to 256 hashes or entries; below 256 it is a partial tile.
    package let width: Int

    /// Takes every field as it is.
    package init(_ kind: Kind, index: UInt64, width: Int = MerkleLimits.tileWidth) {
        self.kind = kind
        self.index = index
        self.width = width
    }

    /// True when nothing can be added any more.
    package var isFull: Bool { width == MerkleLimits.tileWidth }

    /// The path below the log's directory, such as `tile/0/x001/x234/067.p/13`.
    package var path: String {
        let folder =
            switch kind {
            case .hashes(let level): String(level)
            case .entries: "entries"
            }
        var number = Self.threeDigits(index % 1000)
        var rest = index / 1000
        while rest != 0 {
            number = "x\(Self.threeDigits(rest % 1000))/\(number)"
            rest /= 1000
        }
        return "tile/\(folder)/\(number)\(isFull ? "" : ".p/\(width)")"
    }

    /// Reads a path; nil unless `path` of the result is the same text.
    package init?(path: String) {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard 3 <= parts.count, parts.removeFirst() == "tile" else { return nil }
        let folder = parts.removeFirst()
        if folder == "entries" {
            kind = .entries
        } else {
            guard let level = Int(folder), (0..<MerkleLimits.tileLevels).contains(level) else { return nil }
            kind = .hashes(level: level)
        }
        if let before = parts.dropLast().last, before.hasSuffix(".p") {
            guard let width = Int(parts.removeLast()) else { return nil }
            self.width = width
            parts.removeLast()
            parts.append(before.dropLast(2))
        } else {
            width = MerkleLimits.tileWidth
        }
        // 7 groups of 3 digits hold every index below 2^63.
        guard (1...7).contains(parts.count) else { return nil }
        var index: UInt64 = 0
        for (place, part) in parts.enumerated() {
            let digits = place == parts.count - 1 ? part : part.dropFirst()
            guard digits.utf8.count == 3, let group = UInt64(digits) else { return nil }
            let (product, tooLarge) = index.multipliedReportingOverflow(by: 1000)
            let (sum, tooLargeToo) = product.addingReportingOverflow(group)
            guard !tooLarge, !tooLargeToo else { return nil }
            index = sum
        }
        self.index = index
        guard (1...MerkleLimits.tileWidth).contains(width), self.path == path else { return nil }
    }

    private static func threeDigits(_ number: UInt64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: Swift.max(0, 3 - digits.count)) + digits
    }
}

extension TileCoordinate {
    /// The tile that a tree of `size` entries has at this place, full or partial; nil when it has none there.
    package static func at(_ kind: Kind, index: UInt64, size: UInt64) -> TileCoordinate? {
        let level = if case .hashes(let level) = kind { level } else { 0 }
        guard (0..<MerkleLimits.tileLevels).contains(level) else { return nil }
        let count = size >> UInt64(level * MerkleLimits.tileHeight)
        let width = UInt64(MerkleLimits.tileWidth)
        if index < count / width { return TileCoordinate(kind, index: index) }
        guard index == count / width, count % width != 0 else { return nil }
        return TileCoordinate(kind, index: index, width: Int(count % width))
    }

    /// The tile with the node `index` of tree level `level`, and the node's hashes in it.
    static func holding(
        level: Int,
        index: UInt64,
        size: UInt64
    ) throws(MerkleError) -> (tile: TileCoordinate, range: Range<Int>) {
        guard (0..<MerkleLimits.tileLevels * MerkleLimits.tileHeight).contains(level),
            index <= MerkleLimits.treeSize >> UInt64(level),
            index < size >> UInt64(level)
        else { throw .outside(index: index, size: size) }
        let height = level % MerkleLimits.tileHeight
        // The place in its row of full-tile roots; no overflow, because index << level is below the size.
        let first = index << UInt64(height)
        let kind = Kind.hashes(level: level / MerkleLimits.tileHeight)
        let width = UInt64(MerkleLimits.tileWidth)
        guard let tile = at(kind, index: first / width, size: size) else {
            throw .outside(index: index, size: size)
        }
        let start = Int(first % width)
        return (tile, start..<(start + 1 << height))
    }
}
