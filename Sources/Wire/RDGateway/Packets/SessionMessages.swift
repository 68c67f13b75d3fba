// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the small packets during a session.

package import ByteCoding

/// HTTP_SERVICE_MESSAGE ([MS-TSGU] 2.2.10.13), server to client: a text for the person.
package struct ServiceMessage: GatewayPacket {
    package static let type = PacketType.serviceMessage

    /// What the client shows.
    package var text: UnicodeString

    /// A message.
    package init(text: UnicodeString) { self.text = text }

    package init(reading reader: inout ByteReader) throws(DecodeError) {
        text = try UnicodeString(reading: &reader, limit: PacketLimit.message)
    }

    package func write(to writer: inout ByteWriter) { text.write(to: &writer) }
}

/// HTTP_REAUTH_MESSAGE ([MS-TSGU] 2.2.10.12), server to client, 16 bytes: open a second tunnel with this
/// number and prove yourself there.
package struct ReauthenticationMessage: GatewayPacket {
    package static let type = PacketType.reauthentication

    /// Chosen by the server; the client returns it in TUNNEL_CREATE.
    package var context: UInt64

    /// A request with this number.
    package init(context: UInt64) { self.context = context }

    package init(reading reader: inout ByteReader) throws(DecodeError) { context = try reader.u64LE() }

    package func write(to writer: inout ByteWriter) { writer.u64LE(context) }
}

/// HTTP_KEEPALIVE_PACKET ([MS-TSGU] 2.2.10.8), both directions, 8 bytes.
package struct KeepAlive: GatewayPacket {
    package static let type = PacketType.keepAlive

    /// It has no fields.
    package init() {}

    package init(reading reader: inout ByteReader) throws(DecodeError) {}

    package func write(to writer: inout ByteWriter) {}
}

/// HTTP_DATA_PACKET ([MS-TSGU] 2.2.10.6), both directions, 10 bytes or more: bytes of the desktop's TCP
/// stream.
///
/// For tests and tools. The relay never makes one: it writes `DataHeader` before bytes that are in place
/// already.
package struct DataPacket: GatewayPacket {
    package static let type = PacketType.data

    /// Bytes of the stream.
    package var payload: Blob

    /// A packet with these bytes.
    package init(payload: Blob) { self.payload = payload }

    package init(reading reader: inout ByteReader) throws(DecodeError) {
        payload = try Blob(reading: &reader, limit: DataHeader.maximumPayload)
    }

    package func write(to writer: inout ByteWriter) { payload.write(to: &writer) }
}
