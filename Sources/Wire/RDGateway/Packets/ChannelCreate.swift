// SPDX-License-Identifier: EUPL-1.2
// Torhaus: asking for a desktop.

package import ByteCoding

/// HTTP_CHANNEL_PACKET with its names ([MS-TSGU] 2.2.10.2, 2.2.10.3), client to server, 14 bytes or more.
package struct ChannelCreate: GatewayPacket {
    package static let type = PacketType.channelCreate
    /// The only value of the protocol field there is: RDP.
    package static let remoteDesktop: UInt16 = 3

    /// Names of the desktop, 1 to 50, as sent.
    package let resources: [UnicodeString]
    /// Further names to try, up to 3.
    package let alternates: [UnicodeString]
    /// The port of all of them.
    package var port: UInt16
    /// `remoteDesktop`, or something that is refused.
    package var channelProtocol: UInt16

    /// Throws when there are too few or too many names.
    package init(
        resources: [UnicodeString],
        alternates: [UnicodeString] = [],
        port: UInt16,
        channelProtocol: UInt16 = remoteDesktop
    ) throws(PacketError) {
        do {
            try Self.check(resources.count, within: PacketLimit.resources)
            try Self.check(alternates.count, within: PacketLimit.alternates)
        } catch {
            throw .field(error)
        }
        self.resources = resources
        self.alternates = alternates
        self.port = port
        self.channelProtocol = channelProtocol
    }

    package init(reading reader: inout ByteReader) throws(DecodeError) {
        let resourceCount = Int(try reader.u8())
        let alternateCount = Int(try reader.u8())
        try Self.check(resourceCount, within: PacketLimit.resources)
        try Self.check(alternateCount, within: PacketLimit.alternates)
        port = try reader.u16LE()
        channelProtocol = try reader.u16LE()
        resources = try Self.names(resourceCount, &reader)
        alternates = try Self.names(alternateCount, &reader)
    }

    package func write(to writer: inout ByteWriter) {
        // INVARIANT: both counts were checked when the packet was made, 50 and 3 at most.
        writer.u8(UInt8(clamping: resources.count))
        writer.u8(UInt8(clamping: alternates.count))
        writer.u16LE(port)
        writer.u16LE(channelProtocol)
        for name in resources + alternates {
            name.write(to: &writer)
        }
    }

    private static func check(_ count: Int, within range: ClosedRange<Int>) throws(DecodeError) {
        guard count <= range.upperBound else { throw .oversize(length: count, limit: range.upperBound) }
        guard range.lowerBound <= count else { throw .invalid(field: "resources") }
    }

    private static func names(_ count: Int, _ reader: inout ByteReader) throws(DecodeError) -> [UnicodeString]
    {
        var names: [UnicodeString] = []
        for _ in 0..<count {
            names.append(try UnicodeString(reading: &reader, limit: PacketLimit.name))
        }
        return names
    }
}
