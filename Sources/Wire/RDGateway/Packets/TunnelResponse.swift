// SPDX-License-Identifier: EUPL-1.2
// Torhaus: granting or refusing a tunnel.

package import ByteCoding

/// HTTP_TUNNEL_RESPONSE with its optional part ([MS-TSGU] 2.2.10.20, 2.2.10.21), server to client, 18 bytes
/// or more.
package struct TunnelResponse: GatewayPacket {
    package static let type = PacketType.tunnelResponse

    /// Which optional fields follow: HTTP_TUNNEL_RESPONSE_FIELDS_PRESENT_FLAGS ([MS-TSGU] 2.2.5.3.8).
    package struct Fields: OptionSet, Hashable, Sendable {
        package let rawValue: UInt16

        /// HTTP_TUNNEL_RESPONSE_FIELD_TUNNEL_ID.
        package static let tunnelID = Fields(rawValue: 0x1)
        /// HTTP_TUNNEL_RESPONSE_FIELD_CAPS.
        package static let capabilities = Fields(rawValue: 0x2)
        /// HTTP_TUNNEL_RESPONSE_FIELD_SOH_REQ.
        package static let statementOfHealth = Fields(rawValue: 0x4)
        /// HTTP_TUNNEL_RESPONSE_FIELD_CONSENT_MSG.
        package static let consent = Fields(rawValue: 0x10)

        package init(rawValue: UInt16) { self.rawValue = rawValue }
    }

    /// What a server sends to ask for a statement of health.
    ///
    /// We never do: FreeRDP 2 skips 20 bytes of nonce where the specification has 16, and loses the rest of
    /// the packet.
    package struct HealthRequest: Hashable, Sendable {
        /// The first half of the GUID, little-endian.
        package var nonceLow: UInt64
        /// The second half of the GUID, little-endian.
        package var nonceHigh: UInt64
        /// The certificate that the statement is encrypted for.
        package var certificate: UnicodeString

        /// A request for a statement.
        package init(nonceLow: UInt64, nonceHigh: UInt64, certificate: UnicodeString) {
            self.nonceLow = nonceLow
            self.nonceHigh = nonceHigh
            self.certificate = certificate
        }
    }

    /// 1, as Windows servers send.
    package var serverVersion: UInt16
    /// Whether the tunnel is granted.
    package var status: HResult
    /// The number of the tunnel; nil in a refusal.
    package var tunnelID: UInt32?
    /// What the server can do; nil in a refusal.
    package var capabilities: Capabilities?
    /// A request for a statement of health; we never send it.
    package var healthRequest: HealthRequest?
    /// A text that the person must agree to; only for clients with `Capabilities.consent`.
    package var consent: UnicodeString?

    /// A response with the fields that are not nil.
    package init(
        serverVersion: UInt16 = 1,
        status: HResult = .success,
        tunnelID: UInt32? = nil,
        capabilities: Capabilities? = nil,
        healthRequest: HealthRequest? = nil,
        consent: UnicodeString? = nil
    ) {
        self.serverVersion = serverVersion
        self.status = status
        self.tunnelID = tunnelID
        self.capabilities = capabilities
        self.healthRequest = healthRequest
        self.consent = consent
    }

    package init(reading reader: inout ByteReader) throws(DecodeError) {
        serverVersion = try reader.u16LE()
        status = HResult(rawValue: try reader.u32LE())
        let fields = try reader.fields([.tunnelID, .capabilities, .statementOfHealth, .consent] as Fields)
        try reader.skip(2)
        if fields.contains(.tunnelID) {
            tunnelID = try reader.u32LE()
        }
        if fields.contains(.capabilities) {
            capabilities = Capabilities(rawValue: try reader.u32LE())
        }
        if fields.contains(.statementOfHealth) {
            healthRequest = try HealthRequest(reading: &reader)
        }
        if fields.contains(.consent) {
            consent = try UnicodeString(reading: &reader, limit: PacketLimit.message)
        }
    }

    package func write(to writer: inout ByteWriter) {
        var fields: Fields = []
        if tunnelID != nil { fields.insert(.tunnelID) }
        if capabilities != nil { fields.insert(.capabilities) }
        if healthRequest != nil { fields.insert(.statementOfHealth) }
        if consent != nil { fields.insert(.consent) }
        writer.u16LE(serverVersion)
        writer.u32LE(status.rawValue)
        writer.u16LE(fields.rawValue)
        writer.u16LE(0)
        if let tunnelID { writer.u32LE(tunnelID) }
        if let capabilities { writer.u32LE(capabilities.rawValue) }
        if let healthRequest { healthRequest.write(to: &writer) }
        if let consent { consent.write(to: &writer) }
    }
}

extension TunnelResponse.HealthRequest {
    init(reading reader: inout ByteReader) throws(DecodeError) {
        nonceLow = try reader.u64LE()
        nonceHigh = try reader.u64LE()
        certificate = try UnicodeString(reading: &reader, limit: PacketLimit.blob)
    }

    func write(to writer: inout ByteWriter) {
        writer.u64LE(nonceLow)
        writer.u64LE(nonceHigh)
        certificate.write(to: &writer)
    }
}
