// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what a log sends to a witness (C2SP tlog-witness, add-checkpoint).

/// The body of the request: the size the witness should know, a proof from there, the signed checkpoint.
package struct AddCheckpoint: Hashable, Sendable {
    /// More is no request of this kind.
    package static let bodyLimit = MerkleLimits.noteBytes + 64 * 64

    /// The size of the checkpoint that the witness saw last, as the log believes.
    package let old: UInt64
    package let hashes: [TreeHash]
    package let note: SignedNote

    /// A request.
    package init(old: UInt64, hashes: [TreeHash], note: SignedNote) {
        self.old = old
        self.hashes = hashes
        self.note = note
    }

    /// The body's bytes.
    package var bytes: [UInt8] {
        Array(("old \(old)\n" + hashes.map { $0.base64 + "\n" }.joined() + "\n").utf8) + note.bytes
    }

    /// Reads a body.
    package init(_ bytes: [UInt8]) throws(MerkleError) {
        guard bytes.count <= Self.bodyLimit else {
            throw .oversize(length: bytes.count, limit: Self.bodyLimit)
        }
        var rest = bytes[...]
        var line = try rest.takeLine()
        guard line.starts(with: "old ".utf8), let old = DecimalText.number(line.dropFirst(4)),
            old <= MerkleLimits.treeSize
        else { throw .invalid(field: "old size") }
        var hashes: [TreeHash] = []
        line = try rest.takeLine()
        while !line.isEmpty {
            guard let hash = TreeHash(base64: line), hashes.count < MerkleLimits.consistencyHashes else {
                throw .invalid(field: "hash")
            }
            hashes.append(hash)
            line = try rest.takeLine()
        }
        self.init(old: old, hashes: hashes, note: try SignedNote(Array(rest)))
    }
}
