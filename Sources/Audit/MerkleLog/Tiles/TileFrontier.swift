// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the tiles at the growing edge of a log.

/// The hashes of all partial tiles, at most 255 on each level, and the tree's root.
///
/// Tiles that become full are given out at once and forgotten, so memory stays the same however long the log is.
package struct TileFrontier: Hashable, Sendable {
    /// A tile that became full.
    package struct FullTile: Hashable, Sendable {
        package let coordinate: TileCoordinate
        package let hashes: [TreeHash]
    }

    /// The right edge of the tree.
    package private(set) var range = CompactRange()
    private var levels: [[TreeHash]] = []

    /// The empty log.
    package init() {}

    /// Entries so far.
    package var size: UInt64 { range.size }

    /// Adds one entry; the tiles that it filled, the lowest level first.
    package mutating func append(_ leaf: TreeHash, _ hasher: TreeHasher) throws(MerkleError) -> [FullTile] {
        let index = range.size
        try range.append(leaf, hasher)
        var full: [FullTile] = []
        var hash = leaf
        var level = 0
        while level < MerkleLimits.tileLevels {
            if levels.count == level { levels.append([]) }
            levels[level].append(hash)
            guard levels[level].count == MerkleLimits.tileWidth else { break }
            let place = index >> UInt64((level + 1) * MerkleLimits.tileHeight)
            full.append(
                FullTile(
                    coordinate: TileCoordinate(.hashes(level: level), index: place),
                    hashes: levels[level]
                )
            )
            hash = try hasher.perfectRoot(of: levels[level][...])
            levels[level].removeAll(keepingCapacity: true)
            level += 1
        }
        return full
    }

    /// The partial tiles of the present size, the lowest level first; empty ones are left out.
    package var partialTiles: [FullTile] {
        levels.enumerated().compactMap { level, hashes in
            guard !hashes.isEmpty else { return nil }
            let kind = TileCoordinate.Kind.hashes(level: level)
            let index = size >> UInt64((level + 1) * MerkleLimits.tileHeight)
            return FullTile(
                coordinate: TileCoordinate(kind, index: index, width: hashes.count),
                hashes: hashes
            )
        }
    }

    /// The root of the present size.
    package func root(_ hasher: TreeHasher) -> TreeHash { range.root(hasher) }

    /// Goes on where a log of `size` entries stands; `fetch` gives its partial tiles and the full ones that the
    /// peaks need.
    package static func resume<Failure: Error>(
        size: UInt64,
        _ hasher: TreeHasher,
        refuse: @escaping (MerkleError) -> Failure,
        fetch: @escaping TiledNodes<Failure>.Fetch
    ) throws(Failure) -> TileFrontier {
        var frontier = TileFrontier()
        guard size != 0 else { return frontier }
        let nodes = TiledNodes(size: size, hasher, refuse: refuse, fetch: fetch)
        var peaks: [TreeHash] = []
        var start: UInt64 = 0
        for bit in (0..<63).reversed() where size >> UInt64(bit) & 1 == 1 {
            peaks.append(try nodes.node(level: bit, index: start >> UInt64(bit)))
            start += UInt64(1) << UInt64(bit)
        }
        do throws(MerkleError) {
            frontier.range = try CompactRange(size: size, peaks: peaks)
        } catch {
            throw refuse(error)
        }
        for level in 0..<MerkleLimits.tileLevels {
            let count = size >> UInt64(level * MerkleLimits.tileHeight)
            guard count != 0 else { break }
            let index = count / UInt64(MerkleLimits.tileWidth)
            let tile = TileCoordinate.at(.hashes(level: level), index: index, size: size)
            frontier.levels.append(try tile.map { (tile) throws(Failure) in try fetch(tile) } ?? [])
        }
        return frontier
    }
}
