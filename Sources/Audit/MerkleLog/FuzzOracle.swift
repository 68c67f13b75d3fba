// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what must hold for every input of MerkleLog; the fuzzer and the tests call it.

internal import ByteCoding

/// Reads the input as everything that comes from outside; traps when what was read does not come back.
package enum MerkleLogOracle {
    /// The first byte chooses what the rest is read as.
    package static func run(_ input: [UInt8]) {
        guard let choice = input.first else { return }
        let bytes = Array(input.dropFirst())
        let text = String(decoding: bytes, as: UTF8.self)
        switch choice % 8 {
        case 0: note(bytes)
        case 1: checkpoint(text)
        case 2: proofFile(bytes)
        case 3: request(bytes)
        case 4: path(text)
        case 5: tiles(bytes)
        case 6: keys(text)
        default: proofs(bytes)
        }
    }

    /// No SHA-256: a fuzzer should find its way through the parsers, not through a hash.
    private static let hasher = TreeHasher { bytes in
        var mixed = [UInt8](repeating: 7, count: TreeHash.byteCount)
        for offset in 0..<bytes.byteCount {
            let place = offset % mixed.count
            mixed[place] = mixed[place] &* 31 &+ bytes.byte(at: offset)
        }
        return TreeHash(mixed.rawSpan)
    }

    private static func note(_ bytes: [UInt8]) {
        guard let note = try? SignedNote(bytes) else { return }
        precondition(note.bytes == bytes || canonical(note), "a note does not come back")
        let crypto = NoteCrypto(hasher: hasher) { _, _, _ in true }
        for signature in note.signatures {
            let key = try? VerifierKey(
                name: signature.name,
                algorithm: .cosignature,
                publicKey: [UInt8](repeating: 1, count: VerifierKey.keyBytes),
                hasher
            )
            if let key { _ = try? note.signatures(of: [key], crypto) }
        }
    }

    /// Empty lines between signatures are read over; written again, the note is the same.
    private static func canonical(_ note: SignedNote) -> Bool {
        (try? SignedNote(note.bytes)) == note
    }

    private static func checkpoint(_ text: String) {
        guard let checkpoint = try? Checkpoint(text: text) else { return }
        precondition(checkpoint.text == text, "a checkpoint does not come back")
    }

    private static func proofFile(_ bytes: [UInt8]) {
        guard let file = try? ProofFile(bytes) else { return }
        precondition((try? ProofFile(file.bytes)) == file, "a proof file does not come back")
        if let checkpoint = try? Checkpoint(text: file.note.text) {
            let proof = InclusionProof(index: file.index, size: checkpoint.size, hashes: file.hashes)
            _ = try? proof.check(leaf: hasher.leaf([]), root: checkpoint.root, hasher)
        }
    }

    private static func request(_ bytes: [UInt8]) {
        guard let request = try? AddCheckpoint(bytes) else { return }
        precondition((try? AddCheckpoint(request.bytes)) == request, "a request does not come back")
        let crypto = NoteCrypto(hasher: hasher) { _, _, _ in true }
        let keys = request.note.signatures.compactMap { signature in
            try? VerifierKey(
                name: signature.name,
                algorithm: .ed25519,
                publicKey: [UInt8](repeating: 1, count: VerifierKey.keyBytes),
                hasher
            )
        }
        let known = WitnessedState(size: request.old, root: hasher.empty)
        _ = WitnessJudgement.of(request, logs: keys, state: { _ in known }, crypto)
    }

    private static func path(_ text: String) {
        guard let coordinate = TileCoordinate(path: text) else { return }
        precondition(coordinate.path == text, "a path does not come back")
    }

    private static func tiles(_ bytes: [UInt8]) {
        guard let width = bytes.first.map({ Int($0) + 1 }) else { return }
        let content = Array(bytes.dropFirst())
        if let hashes = try? HashTile.decode(content, width: width) {
            precondition(HashTile.encode(hashes) == content, "a tile does not come back")
        }
        if let entries = try? EntryBundle.decode(content, width: width) {
            precondition((try? EntryBundle.encode(entries)) == content, "a bundle does not come back")
        }
    }

    private static func keys(_ text: String) {
        if let key = try? VerifierKey(text: text, hasher) {
            precondition(key.text == text, "a key does not come back")
        }
        if let policy = try? WitnessPolicy(text: text, hasher) {
            _ = policy.isSatisfied(by: policy.witnesses.map(\.key))
        }
    }

    /// Proofs of any numbers and hashes: they may be wrong, but never a trap.
    private static func proofs(_ bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        guard let old = try? reader.u64BE(), let new = try? reader.u64BE() else { return }
        var hashes: [TreeHash] = []
        while let next = try? reader.bytes(TreeHash.byteCount), let hash = TreeHash(next) {
            hashes.append(hash)
        }
        let root = hashes.first ?? hasher.empty
        _ = try? ConsistencyProof(old: old, new: new, hashes: hashes).check(
            oldRoot: root,
            newRoot: root,
            hasher
        )
        _ = try? InclusionProof(index: old, size: new, hashes: hashes).check(leaf: root, root: root, hasher)
        _ = TileCoordinate.at(.hashes(level: Int(truncatingIfNeeded: old % 9)), index: old, size: new)
    }
}
