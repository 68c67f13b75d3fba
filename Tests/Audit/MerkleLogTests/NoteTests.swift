// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of notes, checkpoints and cosignatures, with the vectors of the specifications.

import ByteCoding
import MerkleLog
import Testing

/// A log of 1,000 entries that another implementation made, signed and had cosigned.
enum GoldenLog {
    static let note = """
        audit.gateway.example/2026
        1000
        dAX3sTncu6Ch+OcHotPQ2NANroKcPMr1pFdy0ihJeP4=

        \u{2014} audit.gateway.example/2026 OSSWC9q7iDK29rFuckKg7axKN0VDYNVzw2FVZVYc1Q7R+wYooGcrOwERzWryTiFPVVHdp/NFz2uiD+96JNRKpcL7bAc=
        \u{2014} witness.example/w1 3xwKNQAAAABpUkfA6D3cXRLsCqQJ18TGwZcbWutIsHXiyDi/fzNHWd35p1XpA7/Fb8b3YPWvzFQLnAuYdjFFzTO1fPY0e6kb067EAw==

        """
    static let logKey = "audit.gateway.example/2026+3924960b+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c"
    static let witnessKey = "witness.example/w1+df1c0a35+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU"
    static let time: UInt64 = 1_767_000_000

    static var leaves: [TreeHash] {
        (0..<1000).map { hasher.leaf(Array(#"{"seq":\#($0),"event":"auth.failed"}"#.utf8)) }
    }
}

@Suite("notes")
struct NoteTests {
    @Test("the specification's example verifies, and a changed text does not")
    func specification() throws {
        let key = try VerifierKey(
            text: "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            hasher
        )
        let line =
            "\u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
        let good = try SignedNote(Array("This is an example message.\n\n\(line)".utf8))
        try good.expectSignature(of: key, crypto)
        #expect(good.text == "This is an example message.\n")
        let bad = try SignedNote(Array("This is another message.\n\n\(line)".utf8))
        #expect(throws: MerkleError.wrongSignature(key: "example.com/foo")) {
            try bad.expectSignature(of: key, crypto)
        }
    }

    @Test("the golden checkpoint verifies for log and witness, byte for byte what we would write")
    func goldenCheckpoint() throws {
        let note = try SignedNote(Array(GoldenLog.note.utf8))
        let logKey = try VerifierKey(text: GoldenLog.logKey, hasher)
        let witnessKey = try VerifierKey(text: GoldenLog.witnessKey, hasher)
        let checkpoint = try Checkpoint.open(note, by: logKey, crypto)
        #expect(checkpoint.size == 1000)
        #expect(checkpoint.root == TestTree(leaves: GoldenLog.leaves).root(size: 1000, hasher))
        let verified = try note.signatures(of: [logKey, witnessKey], crypto)
        #expect(verified.map(\.time) == [nil, GoldenLog.time])

        let log = try signer("audit.gateway.example/2026", seed: 1)
        let witness = try signer("witness.example/w1", seed: 2, .cosignature)
        #expect([log.key.text, witness.key.text] == [GoldenLog.logKey, GoldenLog.witnessKey])
        var ours = try SignedNote(text: checkpoint.text)
        ours.signatures.append(try log.signature(of: ours.text))
        ours.signatures.append(try witness.signature(of: ours.text, time: GoldenLog.time))
        #expect(ours.bytes == Array(GoldenLog.note.utf8))
    }

    @Test("one changed digit refuses the golden checkpoint for both keys")
    func changedSize() throws {
        let changed = GoldenLog.note.replacing("\n1000\n", with: "\n1001\n", maxReplacements: 1)
        let note = try SignedNote(Array(changed.utf8))
        for text in [GoldenLog.logKey, GoldenLog.witnessKey] {
            let key = try VerifierKey(text: text, hasher)
            #expect(throws: MerkleError.wrongSignature(key: key.name)) {
                try note.expectSignature(of: key, crypto)
            }
        }
    }

    @Test("each flipped bit of the golden note is noticed")
    func flippedBits() throws {
        let bytes = Array(GoldenLog.note.utf8)
        let keys = [
            try VerifierKey(text: GoldenLog.logKey, hasher),
            try VerifierKey(text: GoldenLog.witnessKey, hasher),
        ]
        for place in bytes.indices {
            var damaged = bytes
            damaged[place] ^= 1
            let found = try? SignedNote(damaged).signatures(of: keys, crypto)
            #expect(found?.count != 2, "byte \(place)")
        }
    }

    @Test("lines of strangers are passed over, and a note without a known signature is unsigned")
    func strangers() throws {
        let log = try signer("log.example", seed: 1)
        let stranger = try signer("log.example", seed: 9)
        var note = try SignedNote(text: "text\n")
        note.signatures = [try stranger.signature(of: note.text)]
        #expect(throws: MerkleError.unsigned) { try note.expectSignature(of: log.key, crypto) }
        note.signatures.append(try log.signature(of: note.text))
        try note.expectSignature(of: log.key, crypto)
        // The same name and id with another signature: somebody forges.
        note.signatures = [NoteSignature(by: log.key, payload: [UInt8](repeating: 0, count: 64))]
        #expect(throws: MerkleError.wrongSignature(key: "log.example")) {
            try note.expectSignature(of: log.key, crypto)
        }
    }

    @Test("an empty line inside of the text belongs to the text")
    func emptyLines() throws {
        let log = try signer("log.example", seed: 1)
        let text = "one\n\ntwo\n"
        var note = try SignedNote(text: text)
        note.signatures = [try log.signature(of: text)]
        let read = try SignedNote(note.bytes)
        #expect(read.text == text)
        try read.expectSignature(of: log.key, crypto)
    }

    static let badNotes = [
        "", "\n", "text\n", "text\n\n", "text\n\n\u{2014} a\n", "text\n\n- a QUFBQUE=\n",
        "text\n\n\u{2014} a QUFBQUE\n", "text\n\n\u{2014} a+b QUFBQUE=\n", "text\n\n\u{2014} a QUFBQQ==\n",
        "text\n\n\u{2014} a  QUFBQUE=\n", "te\txt\n\n\u{2014} a QUFBQUE=\n",
        "text\r\n\n\u{2014} a QUFBQUE=\n",
        "text\n\n\u{2014} a QUFBQUE=", "text\n\u{2014} a QUFBQUE=\n",
    ]

    @Test("what is no note is refused", arguments: badNotes)
    func malformed(text: String) {
        #expect(throws: MerkleError.self) { try SignedNote(Array(text.utf8)) }
    }

    @Test("a small note is read", arguments: ["text\n\n\u{2014} a QUFBQUE=\n"])
    func wellFormed(text: String) throws {
        #expect(try SignedNote(Array(text.utf8)).signatures.count == 1)
    }

    @Test("sixteen signatures are taken, a hundred and a large note are not")
    func limits() throws {
        let line = "\u{2014} a QUFBQUE=\n"
        let text = "text\n\n"
        #expect(
            try SignedNote(Array((text + String(repeating: line, count: 16)).utf8)).signatures.count == 16
        )
        #expect(throws: MerkleError.oversize(length: 100, limit: 64)) {
            try SignedNote(Array((text + String(repeating: line, count: 100)).utf8))
        }
        #expect(throws: MerkleError.oversize(length: 65_537, limit: 65_536)) {
            try SignedNote([UInt8](repeating: 0x20, count: 65_537))
        }
    }

    @Test(
        "a key text that is not its own is refused",
        arguments: [
            "", "name", "name+00000000", "name+00000000+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c",
            "audit.gateway.example/2027+3924960b+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c",
            "audit.gateway.example/2026+3924960B+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c",
            "audit.gateway.example/2026+3924960b+AYqI", "a b+3924960b+AYqI", "+3924960b+AYqI",
            "audit.gateway.example/2026+3924960b+/4qI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c",
        ]
    )
    func badKeys(text: String) {
        #expect(throws: MerkleError.self) { try VerifierKey(text: text, hasher) }
    }
}

@Suite("checkpoints")
struct CheckpointTests {
    private static let root = "dAX3sTncu6Ch+OcHotPQ2NANroKcPMr1pFdy0ihJeP4="

    @Test("extension lines are kept")
    func extensions() throws {
        let text = "log.example\n0\n\(Self.root)\none\ntwo\n"
        let checkpoint = try Checkpoint(text: text)
        #expect(checkpoint.extensions == ["one", "two"])
        #expect(checkpoint.text == text)
    }

    static let bad = [
        "", "\n", "a\n1\n", "a\n1\n\(root)", "\n1\n\(root)\n", "a\n01\n\(root)\n", "a\n-1\n\(root)\n",
        "a\n\n\(root)\n",
        "a\n1 \n\(root)\n", "a\n9223372036854775808\n\(root)\n", "a\n1\n\(root)A\n", "a\n1\nAAAA\n",
        "a b\n1\n\(root)\n", "a\n1\n\(root)\n\n", "a\n٣\n\(root)\n",
        "a\n1\n\(root)\n" + String(repeating: "x\n", count: 17),
    ]

    @Test("what is no checkpoint is refused", arguments: bad)
    func malformed(text: String) {
        #expect(throws: MerkleError.self) { try Checkpoint(text: text) }
    }

    @Test("a checkpoint of one log signed by the key of another is refused")
    func otherOrigin() throws {
        let other = try signer("other.example", seed: 1)
        var note = try SignedNote(
            text: Checkpoint(origin: "log.example", size: 0, root: hasher.empty).text
        )
        note.signatures = [try other.signature(of: note.text)]
        #expect(throws: MerkleError.invalid(field: "origin")) {
            try Checkpoint.open(note, by: other.key, crypto)
        }
    }
}
