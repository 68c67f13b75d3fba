// SPDX-License-Identifier: EUPL-1.2
// Torhaus: texts in packets.

import ByteCoding

/// HTTP_UNICODE_STRING ([MS-TSGU] 2.2.10.22): a u16 length in bytes and UTF-16LE.
///
/// Clients count a final NUL in; the specification does not say so. Both forms are read, and the form is
/// kept.
package struct UnicodeString: Hashable, Sendable {
    // INVARIANT: never more than a u16 can count, so that writing cannot fail.
    /// The text without its NUL, and without any other.
    package let text: String
    /// Whether a NUL follows on the wire.
    package let isTerminated: Bool

    /// Throws when the text does not fit behind a u16 length, or has a NUL inside.
    package init(_ text: String, terminated: Bool = true) throws(PacketError) {
        let size = Self.size(of: text, terminated: terminated)
        guard size <= Int(UInt16.max) else { throw .field(.oversize(length: size, limit: Int(UInt16.max))) }
        guard !text.unicodeScalars.contains("\0") else { throw .field(.invalid(field: "text")) }
        self.text = text
        isTerminated = terminated
    }

    /// As much of the text as `PacketLimit.message` allows, in whole characters, without NULs.
    package init(clipping text: String) {
        var kept = ""
        var units = 1  // the NUL
        for character in text where !character.unicodeScalars.contains("\0") {
            units += character.utf16.count
            guard units <= PacketLimit.message / 2 else { break }
            kept.append(character)
        }
        self.text = kept
        isTerminated = true
    }

    init(reading reader: inout ByteReader, limit: Int) throws(DecodeError) {
        let count = Int(try reader.u16LE())
        var scalars = try reader.utf16LE(count, limit: limit).unicodeScalars
        let terminated = scalars.last == "\0"
        if terminated { scalars.removeLast() }
        guard !scalars.contains("\0") else { throw .invalid(field: "text") }
        text = String(scalars)
        isTerminated = terminated
    }

    func write(to writer: inout ByteWriter) {
        writer.u16LE(UInt16(clamping: Self.size(of: text, terminated: isTerminated)))
        writer.utf16LE(text)
        if isTerminated { writer.u16LE(0) }
    }

    private static func size(of text: String, terminated: Bool) -> Int {
        2 * (text.utf16.count + (terminated ? 1 : 0))
    }
}
