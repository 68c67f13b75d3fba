// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a text with signature lines below it (C2SP signed-note).

internal import ByteCoding

/// One signature line.
package struct NoteSignature: Hashable, Sendable {
    /// The signer's key name.
    package let name: String
    /// The signer's key id.
    package let id: UInt32
    /// What stands behind the id: 64 bytes of Ed25519, or 8 of time before them in a cosignature.
    package let payload: [UInt8]

    /// A line of this key.
    package init(by key: VerifierKey, payload: [UInt8]) {
        name = key.name
        id = key.id
        self.payload = payload
    }

    fileprivate init(name: String, id: UInt32, payload: [UInt8]) {
        self.name = name
        self.id = id
        self.payload = payload
    }

    /// The line with its line feed.
    package var line: String {
        var writer = ByteWriter(capacity: 4 + payload.count)
        writer.u32BE(id)
        writer.bytes(payload)
        return "\u{2014} \(name) \(Base64.encode(writer.written))\n"
    }

    /// Reads a line without its line feed.
    package init(line: some Collection<UInt8>) throws(MerkleError) {
        let dash = Array("\u{2014} ".utf8)
        guard line.starts(with: dash) else { throw .invalid(field: "signature line") }
        let parts = line.dropFirst(dash.count).split(
            separator: UInt8(ascii: " "),
            omittingEmptySubsequences: false
        )
        guard parts.count == 2, let name = String(validating: parts[0], as: UTF8.self),
            KeyName.isValid(name), let bytes = Base64.decode(parts[1])
        else { throw .invalid(field: "signature line") }
        var reader = ByteReader(bytes)
        do throws(DecodeError) {
            self.init(name: name, id: try reader.u32BE(), payload: reader.rest())
        } catch {
            throw .invalid(field: "signature")
        }
        guard !payload.isEmpty else { throw .invalid(field: "signature") }
    }
}

/// A text and who signed it; nothing is verified by reading it.
package struct SignedNote: Hashable, Sendable {
    /// Ends with a line feed; signatures cover all of it.
    package let text: String
    package var signatures: [NoteSignature]

    /// Takes the text, which must be fit for a note.
    package init(text: String, signatures: [NoteSignature] = []) throws(MerkleError) {
        guard Self.isText(text) else { throw .invalid(field: "note text") }
        self.text = text
        self.signatures = signatures
    }

    /// Reads a note: the text ends at the last empty line.
    package init(_ bytes: [UInt8]) throws(MerkleError) {
        guard bytes.count <= MerkleLimits.noteBytes else {
            throw .oversize(length: bytes.count, limit: MerkleLimits.noteBytes)
        }
        let feed = UInt8(ascii: "\n")
        guard bytes.last == feed else { throw .invalid(field: "note end") }
        var blank: Int?
        for place in bytes.indices.dropFirst() where bytes[place] == feed && bytes[place - 1] == feed {
            blank = place
        }
        guard let blank, let text = String(validating: bytes[..<blank], as: UTF8.self), Self.isText(text)
        else { throw .invalid(field: "note text") }
        let lines = bytes[(blank + 1)...].split(separator: feed, omittingEmptySubsequences: true)
        guard !lines.isEmpty else { throw .unsigned }
        guard lines.count <= MerkleLimits.noteSignatures else {
            throw .oversize(length: lines.count, limit: MerkleLimits.noteSignatures)
        }
        self.text = text
        var signatures: [NoteSignature] = []
        for line in lines { signatures.append(try NoteSignature(line: line)) }
        self.signatures = signatures
    }

    /// The note as a file.
    package var bytes: [UInt8] {
        Array((text + "\n" + signatures.map(\.line).joined()).utf8)
    }

    /// UTF-8 that ends with a line feed and has no other control character.
    private static func isText(_ text: String) -> Bool {
        text.utf8.last == UInt8(ascii: "\n")
            && text.utf8.allSatisfy { 0x20 <= $0 || $0 == UInt8(ascii: "\n") }
    }
}
