// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of proof files, of what a witness decides, and of quorums.

import ByteCoding
import MerkleLog
import Testing

@Suite("proof files")
struct ProofFileTests {
    private static func golden() throws -> (file: ProofFile, entry: [UInt8], key: VerifierKey) {
        let tree = TestTree(leaves: GoldenLog.leaves)
        let proof = try #require(InclusionProof.make(index: 777, size: 1000, from: tree, hasher))
        let note = try SignedNote(Array(GoldenLog.note.utf8))
        let entry = Array(#"{"seq":777,"event":"auth.failed"}"#.utf8)
        return (
            ProofFile(index: 777, hashes: proof.hashes, note: note), entry,
            try VerifierKey(text: GoldenLog.logKey, hasher)
        )
    }

    @Test("the proof is the one that another implementation made")
    func goldenProof() throws {
        let (file, _, _) = try Self.golden()
        #expect(
            file.hashes.map(\.base64) == [
                "vI0dacL0ZFbX0tZnNNhThe/iwmjphfQQfivT0xnQbSw=",
                "nEEA3pmhZIn3ZFo3T6aD4ZMu3gabYxoB2H7kG8CVsP8=",
                "ltkCNES6cGR3RIh1ss8dm9Hi/y6Y9Dmvxtq0VdA6Cf4=",
                "KxRsQMs2+7ZrU4yy2NG1qyFZ43JjxKdf5pAYWDKy89s=",
                "37nbsBdpCv8UaIYZ3B31mAkHxAnCn+T8VsP25+80ApM=",
                "sDl6ec0gC8iEER2wr4CGydXjKgMNZ8y8AP59BM1OnOM=",
                "h0w5oIkH3xEAL4oD8z3XzQgegYkkRqJ4k/X4MAiOSNQ=",
                "dXlPv0J57nUHNT572s6Ez95hmwF8f7o8vICCm9Qv2MI=",
                "CENnEi60l1UAQiy4tHg1QtPMphCCSOsNWR6HZtK4AFM=",
                "TNv9ceYmT5e5EtM9NvDEHw+/QBAjlzBeotI0cN6W+5I=",
            ]
        )
    }

    @Test("a file comes back and proves its entry, and no other entry")
    func roundTrip() throws {
        let (file, entry, key) = try Self.golden()
        let read = try ProofFile(file.bytes)
        #expect(read == file)
        #expect(try read.check(entry: entry, by: key, crypto).size == 1000)
        #expect(throws: MerkleError.wrongProof) { try read.check(entry: entry + [0x20], by: key, crypto) }
        #expect(String(decoding: file.bytes, as: UTF8.self).hasPrefix("c2sp.org/tlog-proof@v1\nindex 777\n"))
    }

    @Test("extra data is kept")
    func extra() throws {
        let (file, _, _) = try Self.golden()
        let more = ProofFile(index: file.index, hashes: file.hashes, note: file.note, extra: [1, 2, 3])
        #expect(try ProofFile(more.bytes) == more)
    }

    @Test("no truncated file is read")
    func truncated() throws {
        let bytes = try Self.golden().file.bytes
        let noteStart = bytes.count - GoldenLog.note.utf8.count
        // From the first signature line on, fewer lines are a note with fewer signatures.
        let firstLine =
            noteStart + GoldenLog.note.utf8.count - GoldenLog.note.split(separator: "\n").last!.utf8.count - 1
        for end in bytes.indices where end != firstLine {
            #expect(throws: MerkleError.self, "cut at \(end)") { try ProofFile(Array(bytes[..<end])) }
        }
    }
}

@Suite("witness")
struct WitnessTests {
    private static let origin = "log.example/1"

    private static func note(_ size: UInt64, _ tree: TestTree, seed: UInt8 = 1) throws -> SignedNote {
        let log = try signer(origin, seed: seed)
        var note = try SignedNote(
            text: Checkpoint(origin: origin, size: size, root: tree.root(size: size, hasher)).text
        )
        note.signatures = [try log.signature(of: note.text)]
        return note
    }

    private static func proof(_ old: UInt64, _ new: UInt64, _ tree: TestTree) -> [TreeHash] {
        ConsistencyProof.make(old: old, new: new, from: tree, hasher)?.hashes ?? []
    }

    @Test("a request comes back from its bytes")
    func request() throws {
        let tree = TestTree(leaves: (0..<9).map { hasher.leaf([UInt8($0)]) })
        for old in [UInt64(0), 4, 7, 9] {
            let request = AddCheckpoint(
                old: old,
                hashes: Self.proof(old, 9, tree),
                note: try Self.note(9, tree)
            )
            #expect(try AddCheckpoint(request.bytes) == request)
        }
        for bad in [
            "", "old\n", "old 01\n\n", "old 1\nAAAA\n\n", "old 9223372036854775808\n\n", "size 1\n\n",
        ] {
            #expect(throws: MerkleError.self) { try AddCheckpoint(Array(bad.utf8)) }
        }
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let known: UInt64
        let old: UInt64
        let size: UInt64
        var isFork = false
        var seed: UInt8 = 1
        var watched = true
        var extraHash = false
        let status: Int
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "first checkpoint", known: 0, old: 0, size: 5, status: 200),
        Case(name: "growth", known: 5, old: 5, size: 9, status: 200),
        Case(name: "nothing new", known: 9, old: 9, size: 9, status: 200),
        Case(name: "log forgot what the witness knows", known: 5, old: 3, size: 9, status: 409),
        Case(name: "log believes too much", known: 5, old: 7, size: 9, status: 409),
        Case(name: "dropped tail, signed again", known: 9, old: 5, size: 7, status: 409),
        Case(name: "dropped tail that admits it", known: 9, old: 9, size: 7, status: 400),
        Case(name: "fork", known: 5, old: 5, size: 9, isFork: true, status: 422),
        Case(name: "other root of the same size", known: 9, old: 9, size: 9, isFork: true, status: 422),
        Case(name: "proof where none may be", known: 0, old: 0, size: 9, extraHash: true, status: 422),
        Case(name: "other key", known: 5, old: 5, size: 9, seed: 8, status: 403),
        Case(name: "stranger", known: 5, old: 5, size: 9, watched: false, status: 404),
    ]

    @Test("decides as the specification says", arguments: cases)
    func judgement(example: Case) throws {
        let honest = TestTree(leaves: (0..<9).map { hasher.leaf([UInt8($0)]) })
        let forked = TestTree(leaves: (0..<9).map { hasher.leaf([UInt8($0), 1]) })
        let tree = example.isFork ? forked : honest
        var hashes = Self.proof(example.old, example.size, tree)
        if example.extraHash { hashes.append(honest.node(level: 0, index: 0)) }
        let request = AddCheckpoint(
            old: example.old,
            hashes: hashes,
            note: try Self.note(example.size, tree, seed: example.seed)
        )
        let key = try signer(example.watched ? Self.origin : "other.example", seed: 1).key
        let known = WitnessedState(size: example.known, root: honest.root(size: example.known, hasher))
        let judgement = WitnessJudgement.of(
            request,
            logs: [key],
            state: { _ in example.known == 0 ? nil : known },
            crypto
        )
        #expect(judgement.status == example.status)
        if case .conflict(let size) = judgement { #expect(size == example.known) }
        if case .cosign(let checkpoint) = judgement { #expect(checkpoint.size == example.size) }
    }
}

@Suite("witness policy")
struct WitnessPolicyTests {
    private static func key(_ number: UInt8) throws -> VerifierKey {
        try signer("w\(number).example", seed: number, .cosignature).key
    }

    private static func policy() throws -> WitnessPolicy {
        try WitnessPolicy(
            text: """
                # who must have seen a checkpoint
                log \(GoldenLog.logKey)
                witness county \(key(1).text) https://county.example/witness
                witness council \(key(2).text)
                witness auditor \(key(3).text)
                group outside any council auditor
                group both all county outside
                quorum both

                """,
            hasher
        )
    }

    @Test("the quorum is reached by the keys it needs")
    func quorum() throws {
        let policy = try Self.policy()
        #expect(policy.witnesses.map(\.url) == ["https://county.example/witness", nil, nil])
        let keys = try (1...3).map { try Self.key(UInt8($0)) }
        #expect(!policy.isSatisfied(by: []))
        #expect(!policy.isSatisfied(by: [keys[0]]))
        #expect(!policy.isSatisfied(by: [keys[1], keys[2]]))
        #expect(policy.isSatisfied(by: [keys[0], keys[2]]))
        #expect(!policy.isSatisfied(by: [keys[0], try signer("w2.example", seed: 2).key]))
        #expect(WitnessPolicy.none.isSatisfied(by: []))
    }

    @Test(
        "a mistake is told with its line",
        arguments: [
            "", "quorum nobody\n", "witness a \(GoldenLog.logKey)\nquorum a\n", "group g any\nquorum g\n",
            "quorum none\nquorum none\n", "witness none \(GoldenLog.witnessKey)\nquorum none\n",
            "witness a \(GoldenLog.witnessKey)\ngroup g 2 a\nquorum g\n",
            "witness a \(GoldenLog.witnessKey)\ngroup g 0 a\nquorum g\n",
            "witness a \(GoldenLog.witnessKey)\ngroup g any a a\nquorum g\n",
            "witness a \(GoldenLog.witnessKey)\nwitness b \(GoldenLog.witnessKey)\nquorum a\n",
            "witness a \(GoldenLog.witnessKey)\nwitness a \(GoldenLog.witnessKey)\nquorum a\n",
            "nonsense\nquorum none\n",
        ]
    )
    func mistakes(text: String) {
        #expect(throws: WitnessPolicy.Mistake.self) { try WitnessPolicy(text: text, hasher) }
    }
}
