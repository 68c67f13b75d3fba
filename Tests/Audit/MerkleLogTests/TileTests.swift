// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of tiles and bundles.

import MerkleLog
import Testing

@Suite("tiles")
struct TileTests {
    struct Spelled: CustomTestStringConvertible, Sendable {
        let path: String
        let coordinate: TileCoordinate
        var testDescription: String { path }
    }

    static let paths = [
        Spelled(path: "tile/0/000", coordinate: TileCoordinate(.hashes(level: 0), index: 0)),
        Spelled(
            path: "tile/0/x001/x234/067",
            coordinate: TileCoordinate(.hashes(level: 0), index: 1_234_067)
        ),
        Spelled(
            path: "tile/0/273.p/112",
            coordinate: TileCoordinate(.hashes(level: 0), index: 273, width: 112)
        ),
        Spelled(path: "tile/entries/005", coordinate: TileCoordinate(.entries, index: 5)),
        Spelled(
            path: "tile/entries/x001/000.p/1",
            coordinate: TileCoordinate(.entries, index: 1000, width: 1)
        ),
    ]

    @Test("paths are those of the specification, there and back", arguments: paths)
    func spelledPaths(spelled: Spelled) {
        #expect(spelled.coordinate.path == spelled.path)
        #expect(TileCoordinate(path: spelled.path) == spelled.coordinate)
    }

    @Test(
        "a path that is written in another way is none",
        arguments: [
            "", "tile", "tile/0", "tile/8/000", "tile/-1/000", "tile/0/0", "tile/0/0000", "tile/00/000",
            "tile/0/x000/001", "tile/0/001/x234", "tile/0/x01/234", "tile/0/000.p/0", "tile/0/000.p/256",
            "tile/0/000.p/01", "tile/0/000.p", "tile/0/000/", "/tile/0/000", "tile/entries/../000",
            "tile/data/000", "tile/0/+01", "tile/0/x999/x999/x999/x999/x999/x999/x999/999", "tile/0/٠٠٠",
        ]
    )
    func refusedPaths(path: String) {
        #expect(TileCoordinate(path: path) == nil)
    }

    @Test("a log of 1,000 entries has the tiles that another implementation writes")
    func widths() {
        func width(_ kind: TileCoordinate.Kind, _ index: UInt64) -> Int? {
            TileCoordinate.at(kind, index: index, size: 1000)?.width
        }
        #expect((0..<5).map { width(.hashes(level: 0), $0) } == [256, 256, 256, 232, nil])
        #expect((0..<5).map { width(.entries, $0) } == [256, 256, 256, 232, nil])
        #expect((0..<2).map { width(.hashes(level: 1), $0) } == [3, nil])
        #expect(width(.hashes(level: 2), 0) == nil)
        #expect(width(.hashes(level: 9), 0) == nil)
    }

    /// Tiles as a directory would hold them.
    private struct Written {
        var tiles: [String: [TreeHash]] = [:]

        subscript(_ coordinate: TileCoordinate) -> [TreeHash]? { tiles[coordinate.path] }
    }

    @Test("nodes out of tiles are the tree's, and a log goes on from its tiles at any size")
    func frontier() throws {
        // One entry more than a full tile of level 1 has.
        let count = 65_537
        let leaves = (0..<count).map { hasher.leaf([UInt8($0 & 0xFF), UInt8($0 >> 8 & 0xFF), 1]) }
        let tree = TestTree(leaves: leaves)
        let stops: Set<Int> = [1, 2, 255, 256, 257, 511, 512, 1000, 65_535, 65_536, 65_537]
        var frontier = TileFrontier()
        var written = Written()
        for (place, leaf) in leaves.enumerated() {
            for full in try frontier.append(leaf, hasher) {
                #expect(full.coordinate.isFull && full.hashes.count == 256)
                written.tiles[full.coordinate.path] = full.hashes
            }
            guard stops.contains(place + 1) else { continue }
            let size = UInt64(place + 1)
            for partial in frontier.partialTiles { written.tiles[partial.coordinate.path] = partial.hashes }
            #expect(frontier.root(hasher) == tree.root(size: size, hasher))
            let tiles = written
            let fetch = { (tile: TileCoordinate) throws(MerkleError) in
                guard let hashes = tiles[tile] else { throw .invalid(field: tile.path) }
                return hashes
            }
            let nodes = TiledNodes(size: size, hasher, refuse: { $0 }, fetch: fetch)
            #expect(try nodes.root(size: size, hasher) == tree.root(size: size, hasher))
            let proof = try #require(
                try InclusionProof.make(index: size / 2, size: size, from: nodes, hasher)
            )
            try proof.check(leaf: leaves[Int(size / 2)], root: frontier.root(hasher), hasher)
            #expect(
                try TileFrontier.resume(size: size, hasher, refuse: { $0 }, fetch: fetch) == frontier
            )
        }
    }

    @Test("a bundle comes back, and a damaged one does not")
    func bundles() throws {
        let entries: [[UInt8]] = [[], [1], Array(repeating: 7, count: 65_535)]
        let bytes = try EntryBundle.encode(entries)
        #expect(bytes.prefix(5) == [0, 0, 0, 1, 1])
        #expect(try EntryBundle.decode(bytes, width: 3) == entries)
        for (damaged, width) in [(bytes, 2), (bytes, 4), (bytes.dropLast(), 3), (bytes + [0], 3), ([], 1)] {
            #expect(throws: MerkleError.invalid(field: "bundle")) {
                try EntryBundle.decode(Array(damaged), width: width)
            }
        }
        #expect(throws: MerkleError.oversize(length: 65_536, limit: 65_535)) {
            try EntryBundle.encode([[UInt8](repeating: 0, count: 65_536)])
        }
    }

    @Test("a tile comes back, and one of another length does not")
    func hashTiles() throws {
        let hashes = (0..<3).map { hasher.leaf([UInt8($0)]) }
        let bytes = HashTile.encode(hashes)
        #expect(bytes == hashes.flatMap(\.bytes))
        #expect(try HashTile.decode(bytes, width: 3) == hashes)
        for (damaged, width) in [(bytes, 2), (bytes, 4), (bytes.dropLast(), 3), ([], 0)] {
            #expect(throws: MerkleError.invalid(field: "tile")) {
                try HashTile.decode(Array(damaged), width: width)
            }
        }
    }
}
