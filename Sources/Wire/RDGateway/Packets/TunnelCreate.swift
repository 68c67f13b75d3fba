// SPDX-License-Identifier: EUPL-1.2
// Torhaus: asking for a tunnel.

package import ByteCoding

/// HTTP_TUNNEL_PACKET with its optional part ([MS-TSGU] 2.2.10.18, 2.2.10.19), client to server, 16 bytes or
/// more.
package struct TunnelCreate: GatewayPacket {
    package static let type = PacketType.tunnelCreate

    /// Which optional fields follow: HTTP_TUNNEL_PACKET_FIELDS_PRESENT_FLAGS ([MS-TSGU] 2.2.5.3.6).
    package struct Fields: OptionSet, Hashable, Sendable {
        package let rawValue: UInt16

        /// HTTP_TUNNEL_PACKET_FIELD_PAA_COOKIE.
        package static let cookie = Fields(rawValue: 0x1)
        /// HTTP_TUNNEL_PACKET_FIELD_REAUTH.
        package static let reauthentication = Fields(rawValue: 0x2)

        package init(rawValue: UInt16) { self.rawValue = rawValue }
    }

    /// What the client can do.
    package var capabilities: Capabilities
    /// The number of the server's REAUTH_MESSAGE, when this tunnel only renews another one's authorization.
    package var reauthenticationContext: UInt64?
    /// The PAA cookie as it was sent, UTF-16LE: a secret.
    package var cookie: Blob?

    /// A request with the fields that are not nil.
    package init(capabilities: Capabilities, reauthenticationContext: UInt64? = nil, cookie: Blob? = nil) {
        self.capabilities = capabilities
        self.reauthenticationContext = reauthenticationContext
        self.cookie = cookie
    }

    package init(reading reader: inout ByteReader) throws(DecodeError) {
        capabilities = Capabilities(rawValue: try reader.u32LE())
        let fields = try reader.fields([.cookie, .reauthentication] as Fields)
        try reader.skip(2)
        if fields.contains(.reauthentication) {
            reauthenticationContext = try reader.u64LE()
        }
        if fields.contains(.cookie) {
            cookie = try Blob(reading: &reader, limit: PacketLimit.cookie)
        }
    }

    package func write(to writer: inout ByteWriter) {
        var fields: Fields = []
        if cookie != nil { fields.insert(.cookie) }
        if reauthenticationContext != nil { fields.insert(.reauthentication) }
        writer.u32LE(capabilities.rawValue)
        writer.u16LE(fields.rawValue)
        writer.u16LE(0)
        if let reauthenticationContext { writer.u64LE(reauthenticationContext) }
        if let cookie { cookie.write(to: &writer) }
    }
}
