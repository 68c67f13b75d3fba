// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the signed statement of how long a log is and what is in it (C2SP tlog-checkpoint).

/// Origin, size and root.
package struct Checkpoint: Hashable, Sendable {
    /// The log's name; also the name of its key.
    package let origin: String
    /// Entries.
    package let size: UInt64
    package let root: TreeHash
    /// Further lines without their line feeds; ours have none.
    package let extensions: [String]

    /// A checkpoint of ours.
    package init(origin: String, size: UInt64, root: TreeHash) throws(MerkleError) {
        guard KeyName.isValid(origin) else { throw .invalid(field: "origin") }
        guard size <= MerkleLimits.treeSize else {
            throw .outside(index: size, size: MerkleLimits.treeSize)
        }
        self.origin = origin
        self.size = size
        self.root = root
        extensions = []
    }

    /// Reads the text of a note.
    package init(text: String) throws(MerkleError) {
        guard text.utf8.last == UInt8(ascii: "\n") else { throw .invalid(field: "checkpoint end") }
        let lines = text.utf8.dropLast().split(
            separator: UInt8(ascii: "\n"),
            omittingEmptySubsequences: false
        )
        guard 3 <= lines.count, lines.count <= 3 + MerkleLimits.checkpointExtensions else {
            throw .invalid(field: "checkpoint lines")
        }
        guard let origin = String(lines[0]), KeyName.isValid(origin) else { throw .invalid(field: "origin") }
        guard let size = DecimalText.number(lines[1]), size <= MerkleLimits.treeSize else {
            throw .invalid(field: "size")
        }
        guard let root = TreeHash(base64: lines[2]) else { throw .invalid(field: "root") }
        var extensions: [String] = []
        for line in lines.dropFirst(3) {
            guard !line.isEmpty, let text = String(line) else { throw .invalid(field: "extension") }
            extensions.append(text)
        }
        self.origin = origin
        self.size = size
        self.root = root
        self.extensions = extensions
    }

    /// The note's text.
    package var text: String {
        "\(origin)\n\(size)\n\(root.base64)\n" + extensions.map { $0 + "\n" }.joined()
    }

    /// Reads a note, and refuses it unless this key, which must be the origin's, signed it.
    package static func open(
        _ note: SignedNote,
        by key: VerifierKey,
        _ crypto: NoteCrypto
    ) throws(MerkleError) -> Checkpoint {
        let checkpoint = try Checkpoint(text: note.text)
        guard checkpoint.origin == key.name else { throw .invalid(field: "origin") }
        try note.expectSignature(of: key, crypto)
        return checkpoint
    }
}

/// Numbers in the formats of a log.
enum DecimalText {
    /// ASCII digits without leading zeros; nil for anything else.
    static func number(_ digits: some Collection<UInt8>) -> UInt64? {
        guard (1...20).contains(digits.count), digits.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
        guard digits.count == 1 || digits.first != 0x30 else { return nil }
        return UInt64(String(decoding: digits, as: UTF8.self))
    }
}
