// SPDX-License-Identifier: EUPL-1.2
// Torhaus: byte strings in packets.

import ByteCoding

/// HTTP_byte_BLOB ([MS-TSGU] 2.2.10.1): a u16 length and bytes.
///
/// It can hold a secret, so it never shows its content.
package struct Blob: Hashable, Sendable {
    /// No bytes.
    package static let empty = Blob()

    // INVARIANT: never more than a u16 can count, so that writing cannot fail.
    /// The bytes, without their length.
    package let bytes: [UInt8]

    /// Throws when the bytes do not fit behind a u16 length.
    package init(_ bytes: [UInt8]) throws(PacketError) {
        guard bytes.count <= Int(UInt16.max) else {
            throw .field(.oversize(length: bytes.count, limit: Int(UInt16.max)))
        }
        self.bytes = bytes
    }

    init(reading reader: inout ByteReader, limit: Int) throws(DecodeError) {
        bytes = try reader.bytesU16LE(limit: limit)
    }

    private init() { bytes = [] }

    func write(to writer: inout ByteWriter) {
        writer.u16LE(UInt16(clamping: bytes.count))
        writer.bytes(bytes)
    }
}

extension Blob: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The size only.
    package var description: String { "<\(bytes.count) bytes>" }

    /// The size only.
    package var debugDescription: String { description }

    /// No children: `dump` and a failing test's output stop here.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
