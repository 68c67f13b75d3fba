// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the desktop is connected, or not.

package import ByteCoding

/// HTTP_CHANNEL_RESPONSE with its optional part ([MS-TSGU] 2.2.10.4, 2.2.10.5), server to client, 16 bytes or
/// more.
package struct ChannelResponse: GatewayPacket {
    package static let type = PacketType.channelResponse
    /// A tunnel has one channel; Windows clients insist on a number for it.
    package static let onlyChannel: UInt32 = 1

    /// Which optional fields follow: HTTP_CHANNEL_RESPONSE_FIELDS_PRESENT_FLAGS ([MS-TSGU] 2.2.5.3.1).
    package struct Fields: OptionSet, Hashable, Sendable {
        package let rawValue: UInt16

        /// HTTP_CHANNEL_RESPONSE_FIELD_CHANNELID.
        package static let channelID = Fields(rawValue: 0x1)
        /// HTTP_CHANNEL_RESPONSE_FIELD_AUTHNCOOKIE.
        package static let datagramCookie = Fields(rawValue: 0x2)
        /// HTTP_CHANNEL_RESPONSE_FIELD_UDPPORT.
        package static let datagramPort = Fields(rawValue: 0x4)

        package init(rawValue: UInt16) { self.rawValue = rawValue }
    }

    /// Whether the desktop is connected.
    package var status: HResult
    /// The number of the channel; nil in a refusal.
    package var channelID: UInt32?
    /// For the UDP side channel, which we do not offer.
    package var datagramPort: UInt16?
    /// For the UDP side channel, which we do not offer.
    package var datagramCookie: Blob?

    /// A response with the fields that are not nil.
    package init(
        status: HResult = .success,
        channelID: UInt32? = nil,
        datagramPort: UInt16? = nil,
        datagramCookie: Blob? = nil
    ) {
        self.status = status
        self.channelID = channelID
        self.datagramPort = datagramPort
        self.datagramCookie = datagramCookie
    }

    package init(reading reader: inout ByteReader) throws(DecodeError) {
        status = HResult(rawValue: try reader.u32LE())
        let fields = try reader.fields([.channelID, .datagramCookie, .datagramPort] as Fields)
        try reader.skip(2)
        if fields.contains(.channelID) {
            channelID = try reader.u32LE()
        }
        // The structure's order, not the flags': 2.2.10.5 has the port before the cookie.
        if fields.contains(.datagramPort) {
            datagramPort = try reader.u16LE()
        }
        if fields.contains(.datagramCookie) {
            datagramCookie = try Blob(reading: &reader, limit: PacketLimit.blob)
        }
    }

    package func write(to writer: inout ByteWriter) {
        var fields: Fields = []
        if channelID != nil { fields.insert(.channelID) }
        if datagramCookie != nil { fields.insert(.datagramCookie) }
        if datagramPort != nil { fields.insert(.datagramPort) }
        writer.u32LE(status.rawValue)
        writer.u16LE(fields.rawValue)
        writer.u16LE(0)
        if let channelID { writer.u32LE(channelID) }
        if let datagramPort { writer.u16LE(datagramPort) }
        if let datagramCookie { datagramCookie.write(to: &writer) }
    }
}
