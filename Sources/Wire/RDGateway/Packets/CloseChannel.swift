// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the orderly end.

package import ByteCoding

/// HTTP_CLOSE_PACKET as a request ([MS-TSGU] 2.2.10.23), both directions, 12 bytes.
package struct CloseChannel: GatewayPacket {
    package static let type = PacketType.closeChannel

    /// Why the sender ends the channel.
    package var status: HResult

    /// A request for this reason.
    package init(status: HResult) { self.status = status }

    package init(reading reader: inout ByteReader) throws(DecodeError) {
        status = HResult(rawValue: try reader.u32LE())
    }

    package func write(to writer: inout ByteWriter) { writer.u32LE(status.rawValue) }
}

/// HTTP_CLOSE_PACKET as the answer ([MS-TSGU] 2.2.10.23), both directions, 12 bytes; then the connection
/// closes.
package struct CloseChannelResponse: GatewayPacket {
    package static let type = PacketType.closeChannelResponse

    /// Success, or why the request was a mistake.
    package var status: HResult

    /// An answer.
    package init(status: HResult = .success) { self.status = status }

    package init(reading reader: inout ByteReader) throws(DecodeError) {
        status = HResult(rawValue: try reader.u32LE())
    }

    package func write(to writer: inout ByteWriter) { writer.u32LE(status.rawValue) }
}
