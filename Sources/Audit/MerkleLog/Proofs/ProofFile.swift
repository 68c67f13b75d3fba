// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one entry's evidence in one text file (C2SP tlog-proof).

internal import ByteCoding

/// Index, proof and the signed checkpoint; with the entry's bytes and the public keys it needs nothing else.
package struct ProofFile: Hashable, Sendable {
    private static let header = "c2sp.org/tlog-proof@v1"

    /// Data that the log's users agreed on; empty when there is none.
    package let extra: [UInt8]
    /// Position of the entry.
    package let index: UInt64
    /// The leaf's brother first.
    package let hashes: [TreeHash]
    /// The checkpoint with its signatures, byte for byte.
    package let note: SignedNote

    /// Evidence for one entry.
    package init(index: UInt64, hashes: [TreeHash], note: SignedNote, extra: [UInt8] = []) {
        self.index = index
        self.hashes = hashes
        self.note = note
        self.extra = extra
    }

    /// The file's bytes.
    package var bytes: [UInt8] {
        var text = Self.header + "\n"
        if !extra.isEmpty { text += "extra \(Base64.encode(extra))\n" }
        text += "index \(index)\n"
        for hash in hashes { text += hash.base64 + "\n" }
        return Array((text + "\n").utf8) + note.bytes
    }

    /// Reads a file; nothing is verified yet.
    package init(_ bytes: [UInt8]) throws(MerkleError) {
        let limit = MerkleLimits.noteBytes + 2 * MerkleLimits.proofExtraBytes + 4096
        guard bytes.count <= limit else { throw .oversize(length: bytes.count, limit: limit) }
        var rest = bytes[...]
        guard try rest.takeLine().elementsEqual(Self.header.utf8) else {
            throw .invalid(field: "proof header")
        }
        var line = try rest.takeLine()
        var extra: [UInt8] = []
        if line.starts(with: "extra ".utf8) {
            guard let data = Base64.decode(line.dropFirst(6)), data.count <= MerkleLimits.proofExtraBytes
            else {
                throw .invalid(field: "extra")
            }
            extra = data
            line = try rest.takeLine()
        }
        guard line.starts(with: "index ".utf8), let index = DecimalText.number(line.dropFirst(6)) else {
            throw .invalid(field: "index")
        }
        var hashes: [TreeHash] = []
        line = try rest.takeLine()
        while !line.isEmpty {
            guard let hash = TreeHash(base64: line), hashes.count < MerkleLimits.inclusionHashes else {
                throw .invalid(field: "hash")
            }
            hashes.append(hash)
            line = try rest.takeLine()
        }
        self.init(index: index, hashes: hashes, note: try SignedNote(Array(rest)), extra: extra)
    }

    /// Throws unless `key` signed a checkpoint that `entry` is in; returns the checkpoint.
    package func check(
        entry: [UInt8],
        by key: VerifierKey,
        _ crypto: NoteCrypto
    ) throws(MerkleError) -> Checkpoint {
        let checkpoint = try Checkpoint.open(note, by: key, crypto)
        let proof = InclusionProof(index: index, size: checkpoint.size, hashes: hashes)
        try proof.check(leaf: crypto.hasher.leaf(entry), root: checkpoint.root, crypto.hasher)
        return checkpoint
    }
}

extension ArraySlice<UInt8> {
    /// The bytes up to the next line feed, which is taken too.
    mutating func takeLine() throws(MerkleError) -> ArraySlice<UInt8> {
        guard let end = firstIndex(of: UInt8(ascii: "\n")) else { throw .invalid(field: "line end") }
        defer { self = self[(end + 1)...] }
        return self[startIndex..<end]
    }
}
