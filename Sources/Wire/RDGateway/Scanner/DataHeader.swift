// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the ten bytes before the desktop's bytes.

/// The header of HTTP_DATA_PACKET ([MS-TSGU] 2.2.10.6): the packet's header and the payload's length.
package enum DataHeader {
    /// Bytes on the wire: the packet's header and cbDataLen.
    package static let size = PacketHeader.size + 2
    /// As much as cbDataLen can say.
    package static let maximumPayload = 65_535
    /// What the gate puts into one packet: FreeRDP counts the rest of a payload in 16 bits and Windows
    /// clients read into buffers of this size, so the upper half of the range is never used.
    package static let preferredPayload = 32_768
    /// The longest packet there is.
    package static let maximumPacket = size + maximumPayload

    /// Writes the header for `payloadCount` bytes at `offset` and returns the offset behind it.
    ///
    /// The numbers are the gate's own: one that does not fit is a fault of ours and traps.
    package static func encode(
        payloadCount: Int,
        into bytes: inout MutableRawSpan,
        at offset: Int
    ) -> Int {
        precondition(0 <= payloadCount && payloadCount <= maximumPayload, "payload of \(payloadCount) bytes")
        let length = UInt32(size + payloadCount)
        let first = UInt64(length) << 32 | UInt64(PacketType.data.rawValue)
        bytes.storeBytes(of: first.littleEndian, toByteOffset: offset, as: UInt64.self)
        let count = UInt16(payloadCount).littleEndian
        bytes.storeBytes(of: count, toByteOffset: offset + PacketHeader.size, as: UInt16.self)
        return offset + size
    }
}
