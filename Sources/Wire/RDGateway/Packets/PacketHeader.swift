// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the eight bytes before every packet.

import ByteCoding

/// HTTP_PACKET_HEADER ([MS-TSGU] 2.2.10.9); its reserved field is written as zero and not looked at.
package struct PacketHeader: Hashable, Sendable {
    /// Bytes on the wire: packetType, reserved, packetLength.
    package static let size = 2 + 2 + 4

    /// A `PacketType`, or a number nobody knows.
    package var type: UInt16
    /// The whole packet with this header, in bytes.
    package var packetLength: UInt32

    /// A header.
    package init(type: UInt16, packetLength: UInt32) {
        self.type = type
        self.packetLength = packetLength
    }

    /// Reads the header from its bytes as one little-endian number; whether the length is sensible is decided
    /// by the scanner.
    init(littleEndianBits bits: UInt64) {
        type = UInt16(truncatingIfNeeded: bits)
        packetLength = UInt32(truncatingIfNeeded: bits >> 32)
    }

    /// Appends the header.
    func write(to writer: inout ByteWriter) {
        writer.u16LE(type)
        writer.u16LE(0)
        writer.u32LE(packetLength)
    }
}
