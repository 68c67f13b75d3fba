// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of hashing, roots and proofs.

import MerkleLog
import Testing

@Suite("tree")
struct TreeTests {
    /// The eight leaves of the certificate transparency test data.
    static let entries = [
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    ].map(bytes)

    struct Golden: CustomTestStringConvertible, Sendable {
        let size: Int
        let root: String
        var testDescription: String { "size \(size)" }
    }

    static let roots = [
        Golden(size: 0, root: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        Golden(size: 1, root: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        Golden(size: 2, root: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
        Golden(size: 3, root: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
        Golden(size: 7, root: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
        Golden(size: 8, root: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
    ]

    @Test("roots are those of the published vectors", arguments: roots)
    func goldenRoots(golden: Golden) throws {
        var range = CompactRange()
        for entry in Self.entries.prefix(golden.size) { try range.append(hasher.leaf(entry), hasher) }
        #expect(range.root(hasher) == (try hash(golden.root)))
        #expect(TestTree(entries: Self.entries).root(size: UInt64(golden.size), hasher) == range.root(hasher))
    }

    @Test("an inclusion proof is that of the published vectors")
    func goldenInclusion() throws {
        let proof = try #require(
            InclusionProof.make(index: 5, size: 8, from: TestTree(entries: Self.entries), hasher)
        )
        #expect(
            proof.hashes == [
                try hash("bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"),
                try hash("ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"),
                try hash("d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
            ]
        )
    }

    @Test("a consistency proof is that of the published vectors")
    func goldenConsistency() throws {
        let proof = try #require(
            ConsistencyProof.make(old: 3, new: 7, from: TestTree(entries: Self.entries), hasher)
        )
        #expect(
            proof.hashes == [
                try hash("0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7"),
                try hash("07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7"),
                try hash("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
                try hash("837dbb152e9b079010717e84e865da4ebc0fa198a806d59d31bf15accef22d0e"),
            ]
        )
    }

    @Test("roots of all sizes up to 300 are those of the definition")
    func definedRoots() throws {
        let leaves = (0..<300).map { hasher.leaf(Array("e\($0)".utf8)) }
        var range = CompactRange()
        for size in 1...leaves.count {
            try range.append(leaves[size - 1], hasher)
            #expect(range.root(hasher) == definedRoot(leaves[..<size]))
        }
    }

    @Test("perfect subtrees are appended where they fit, and nowhere else")
    func perfectSubtrees() throws {
        let tree = TestTree(leaves: (0..<16).map { hasher.leaf([UInt8($0)]) })
        var range = CompactRange()
        try range.append(perfect: tree.node(level: 3, index: 0), level: 3, hasher)
        try range.append(tree.node(level: 0, index: 8), hasher)
        #expect(throws: MerkleError.invalid(field: "subtree place")) {
            try range.append(perfect: tree.node(level: 2, index: 2), level: 2, hasher)
        }
        try range.append(tree.node(level: 0, index: 9), hasher)
        try range.append(perfect: tree.node(level: 1, index: 5), level: 1, hasher)
        #expect(range.root(hasher) == tree.root(size: 12, hasher))
        #expect(try CompactRange(size: 12, peaks: range.peaks) == range)
        #expect(throws: MerkleError.invalid(field: "peaks")) {
            try CompactRange(size: 13, peaks: range.peaks)
        }
    }

    @Test("an entry cannot pass as a node")
    func domainSeparation() {
        let (left, right) = (hasher.leaf([1]), hasher.leaf([2]))
        #expect(hasher.leaf(left.bytes + right.bytes) != hasher.node(left, right))
    }
}

@Suite("proofs of all sizes to 2,000")
struct ProofTests {
    private static let tree = TestTree(leaves: (0..<2000).map { hasher.leaf(Array("e\($0)".utf8)) })

    /// The edges, the middle, and some at random.
    private static func places(below size: UInt64) -> Set<UInt64> {
        var numbers = SeededNumbers(state: size)
        return Set([0, size / 2, size - 1, .random(in: 0..<size, using: &numbers)])
    }

    @Test("inclusion holds for the entry, its place and its tree, and for no other")
    func inclusion() throws {
        let stranger = hasher.leaf([0xFF])
        for size in UInt64(1)...2000 {
            let root = Self.tree.root(size: size, hasher)
            for index in Self.places(below: size) {
                let leaf = Self.tree.node(level: 0, index: index)
                let proof = try #require(
                    InclusionProof.make(index: index, size: size, from: Self.tree, hasher)
                )
                #expect(proof.hashes.count <= 11)
                try proof.check(leaf: leaf, root: root, hasher)
                #expect(throws: MerkleError.wrongProof) {
                    try proof.check(leaf: stranger, root: root, hasher)
                }
                #expect(throws: MerkleError.wrongProof) {
                    try proof.check(leaf: leaf, root: stranger, hasher)
                }
                #expect(throws: MerkleError.wrongProof) {
                    let longer = InclusionProof(index: index, size: size, hashes: proof.hashes + [stranger])
                    try longer.check(leaf: leaf, root: root, hasher)
                }
                guard 1 < size else { continue }
                #expect(throws: MerkleError.wrongProof) {
                    let shorter = InclusionProof(index: index, size: size, hashes: proof.hashes.dropLast())
                    try shorter.check(leaf: leaf, root: root, hasher)
                }
                #expect(throws: MerkleError.wrongProof) {
                    let neighbour = index == 0 ? 1 : index - 1
                    let moved = InclusionProof(index: neighbour, size: size, hashes: proof.hashes)
                    try moved.check(leaf: leaf, root: root, hasher)
                }
            }
        }
    }

    @Test("consistency holds for the two trees, and for no other")
    func consistency() throws {
        let stranger = hasher.leaf([0xFF])
        for size in UInt64(2)...2000 {
            let root = Self.tree.root(size: size, hasher)
            for old in Self.places(below: size) where old != 0 {
                let oldRoot = Self.tree.root(size: old, hasher)
                let proof = try #require(
                    ConsistencyProof.make(old: old, new: size, from: Self.tree, hasher)
                )
                try proof.check(oldRoot: oldRoot, newRoot: root, hasher)
                #expect(throws: MerkleError.wrongProof) {
                    try proof.check(oldRoot: stranger, newRoot: root, hasher)
                }
                #expect(throws: MerkleError.wrongProof) {
                    try proof.check(oldRoot: oldRoot, newRoot: stranger, hasher)
                }
                #expect(throws: MerkleError.wrongProof) {
                    let shorter = ConsistencyProof(old: old, new: size, hashes: proof.hashes.dropLast())
                    try shorter.check(oldRoot: oldRoot, newRoot: root, hasher)
                }
                #expect(throws: MerkleError.wrongProof) {
                    let longer = ConsistencyProof(old: old, new: size, hashes: proof.hashes + [stranger])
                    try longer.check(oldRoot: oldRoot, newRoot: root, hasher)
                }
            }
        }
    }

    @Test("equal and empty trees need no proof, and take none")
    func edges() throws {
        let root = Self.tree.root(size: 5, hasher)
        let other = Self.tree.root(size: 6, hasher)
        try ConsistencyProof(old: 5, new: 5, hashes: []).check(oldRoot: root, newRoot: root, hasher)
        try ConsistencyProof(old: 0, new: 5, hashes: []).check(
            oldRoot: hasher.empty,
            newRoot: root,
            hasher
        )
        for (old, new, hashes, oldRoot) in [
            (UInt64(5), UInt64(5), [], other), (5, 5, [root], root), (0, 5, [root], hasher.empty),
            (0, 5, [], other), (3, 5, [], root), (0, 0, [], root),
        ] {
            #expect(throws: MerkleError.wrongProof) {
                try ConsistencyProof(old: old, new: new, hashes: hashes).check(
                    oldRoot: oldRoot,
                    newRoot: root,
                    hasher
                )
            }
        }
        #expect(ConsistencyProof.make(old: 6, new: 5, from: Self.tree, hasher) == nil)
        #expect(InclusionProof.make(index: 5, size: 5, from: Self.tree, hasher) == nil)
        #expect(throws: MerkleError.outside(index: 5, size: 5)) {
            try InclusionProof(index: 5, size: 5, hashes: []).check(leaf: root, root: root, hasher)
        }
        #expect(throws: MerkleError.oversize(length: 64, limit: 63)) {
            let hashes = [TreeHash](repeating: root, count: 64)
            try InclusionProof(index: 1, size: 1 << 62, hashes: hashes).check(
                leaf: root,
                root: root,
                hasher
            )
        }
    }
}
