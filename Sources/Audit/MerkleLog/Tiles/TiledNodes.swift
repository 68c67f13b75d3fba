// SPDX-License-Identifier: EUPL-1.2
// Torhaus: nodes of the tree out of tiles.

/// Reads nodes from the tiles of a log.
package struct TiledNodes<Failure: Error>: NodeSource {
    /// Gives the hashes of a tile, exactly as many as it is wide.
    package typealias Fetch = (TileCoordinate) throws(Failure) -> [TreeHash]

    private let size: UInt64
    private let hasher: TreeHasher
    private let fetch: Fetch
    private let refuse: (MerkleError) -> Failure

    /// A tree of `size` entries; `refuse` turns a fault of the tiles into the caller's kind of error.
    package init(
        size: UInt64,
        _ hasher: TreeHasher,
        refuse: @escaping (MerkleError) -> Failure,
        fetch: @escaping Fetch
    ) {
        self.size = size
        self.hasher = hasher
        self.refuse = refuse
        self.fetch = fetch
    }

    package func node(level: Int, index: UInt64) throws(Failure) -> TreeHash {
        let place: (tile: TileCoordinate, range: Range<Int>)
        do throws(MerkleError) {
            place = try TileCoordinate.holding(level: level, index: index, size: size)
        } catch {
            throw refuse(error)
        }
        let hashes = try fetch(place.tile)
        guard place.range.upperBound <= hashes.count else { throw refuse(.invalid(field: "tile width")) }
        do throws(MerkleError) {
            return try hasher.perfectRoot(of: hashes[place.range])
        } catch {
            throw refuse(error)
        }
    }
}
