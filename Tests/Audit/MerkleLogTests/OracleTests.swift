// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the fuzzer's oracle over known inputs and small changes of them.

import MerkleLog
import Testing

@Suite("oracle")
struct OracleTests {
    @Test("no change of one byte, and no cut, breaks what must hold")
    func changes() throws {
        let tree = TestTree(leaves: GoldenLog.leaves)
        let note = try SignedNote(Array(GoldenLog.note.utf8))
        let inclusion = try #require(InclusionProof.make(index: 777, size: 1000, from: tree, hasher))
        let consistency = try #require(ConsistencyProof.make(old: 300, new: 1000, from: tree, hasher))
        let seeds: [(UInt8, [UInt8])] = [
            (0, note.bytes), (1, Array(note.text.utf8)),
            (2, ProofFile(index: 777, hashes: inclusion.hashes, note: note, extra: [1]).bytes),
            (3, AddCheckpoint(old: 300, hashes: consistency.hashes, note: note).bytes),
            (4, Array("tile/0/x001/x234/067.p/12".utf8)),
            (5, [1] + (try EntryBundle.encode([[1, 2], [3]]))),
            (5, [1] + HashTile.encode(inclusion.hashes.prefix(2))), (6, Array(GoldenLog.logKey.utf8)),
            (6, Array("witness w \(GoldenLog.witnessKey)\ngroup g any w\nquorum g\n".utf8)),
            (
                7,
                [0, 0, 0, 0, 0, 0, 1, 44, 0, 0, 0, 0, 0, 0, 3, 232] + consistency.hashes.flatMap(\.bytes)
            ), (7, [UInt8](repeating: 255, count: 16 + 32 * 70)),
        ]
        for (choice, seed) in seeds {
            MerkleLogOracle.run([choice] + seed)
            for place in stride(from: 0, to: seed.count, by: max(1, seed.count / 150)) {
                var changed = seed
                changed[place] ^= 1
                MerkleLogOracle.run([choice] + changed)
                MerkleLogOracle.run([choice] + seed[..<place])
            }
        }
    }
}
