// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the client names itself, the server names its terms.

package import ByteCoding

/// HTTP_TUNNEL_AUTH_PACKET with its optional part ([MS-TSGU] 2.2.10.14, 2.2.10.15), client to server, 12
/// bytes or more.
package struct TunnelAuthorization: GatewayPacket {
    package static let type = PacketType.tunnelAuthorization

    /// Which optional fields follow: HTTP_TUNNEL_AUTH_FIELDS_PRESENT_FLAGS ([MS-TSGU] 2.2.5.3.4).
    package struct Fields: OptionSet, Hashable, Sendable {
        package let rawValue: UInt16

        /// HTTP_TUNNEL_AUTH_FIELD_SOH.
        package static let statementOfHealth = Fields(rawValue: 0x1)

        package init(rawValue: UInt16) { self.rawValue = rawValue }
    }

    /// What the client's machine calls itself: a claim, good for a log only.
    package var clientName: UnicodeString
    /// What a client sends to a server that asked for it; we do not ask.
    package var statementOfHealth: Blob?

    /// A request.
    package init(clientName: UnicodeString, statementOfHealth: Blob? = nil) {
        self.clientName = clientName
        self.statementOfHealth = statementOfHealth
    }

    package init(reading reader: inout ByteReader) throws(DecodeError) {
        let fields = try reader.fields(.statementOfHealth as Fields)
        clientName = try UnicodeString(reading: &reader, limit: PacketLimit.name)
        if fields.contains(.statementOfHealth) {
            statementOfHealth = try Blob(reading: &reader, limit: PacketLimit.blob)
        }
    }

    package func write(to writer: inout ByteWriter) {
        let fields: Fields = statementOfHealth == nil ? [] : .statementOfHealth
        writer.u16LE(fields.rawValue)
        clientName.write(to: &writer)
        if let statementOfHealth { statementOfHealth.write(to: &writer) }
    }
}

/// HTTP_TUNNEL_AUTH_RESPONSE with its optional part ([MS-TSGU] 2.2.10.16, 2.2.10.17), server to client, 16
/// bytes or more.
package struct TunnelAuthorizationResponse: GatewayPacket {
    package static let type = PacketType.tunnelAuthorizationResponse

    /// Which optional fields follow: HTTP_TUNNEL_AUTH_RESPONSE_FIELDS_PRESENT_FLAGS ([MS-TSGU] 2.2.5.3.5).
    package struct Fields: OptionSet, Hashable, Sendable {
        package let rawValue: UInt16

        /// HTTP_TUNNEL_AUTH_RESPONSE_FIELD_REDIR_FLAGS.
        package static let redirection = Fields(rawValue: 0x1)
        /// HTTP_TUNNEL_AUTH_RESPONSE_FIELD_IDLE_TIMEOUT.
        package static let idleTimeout = Fields(rawValue: 0x2)
        /// HTTP_TUNNEL_AUTH_RESPONSE_FIELD_SOH_RESPONSE.
        package static let statementOfHealth = Fields(rawValue: 0x4)

        package init(rawValue: UInt16) { self.rawValue = rawValue }
    }

    /// Whether this person may use the gateway.
    package var status: HResult
    /// What the client must not redirect; nil in a refusal.
    package var redirection: RedirectionFlags?
    /// Minutes, 0 for none; nil leaves the field out.
    package var idleMinutes: UInt32?
    /// The answer to a statement of health; we do not send it.
    package var statementOfHealth: Blob?

    /// A response with the fields that are not nil.
    package init(
        status: HResult = .success,
        redirection: RedirectionFlags? = nil,
        idleMinutes: UInt32? = nil,
        statementOfHealth: Blob? = nil
    ) {
        self.status = status
        self.redirection = redirection
        self.idleMinutes = idleMinutes
        self.statementOfHealth = statementOfHealth
    }

    package init(reading reader: inout ByteReader) throws(DecodeError) {
        status = HResult(rawValue: try reader.u32LE())
        let fields = try reader.fields([.redirection, .idleTimeout, .statementOfHealth] as Fields)
        try reader.skip(2)
        if fields.contains(.redirection) {
            redirection = RedirectionFlags(rawValue: try reader.u32LE())
        }
        if fields.contains(.idleTimeout) {
            idleMinutes = try reader.u32LE()
        }
        if fields.contains(.statementOfHealth) {
            statementOfHealth = try Blob(reading: &reader, limit: PacketLimit.blob)
        }
    }

    package func write(to writer: inout ByteWriter) {
        var fields: Fields = []
        if redirection != nil { fields.insert(.redirection) }
        if idleMinutes != nil { fields.insert(.idleTimeout) }
        if statementOfHealth != nil { fields.insert(.statementOfHealth) }
        writer.u32LE(status.rawValue)
        writer.u16LE(fields.rawValue)
        writer.u16LE(0)
        if let redirection { writer.u32LE(redirection.rawValue) }
        if let idleMinutes { writer.u32LE(idleMinutes) }
        if let statementOfHealth { statementOfHealth.write(to: &writer) }
    }
}
