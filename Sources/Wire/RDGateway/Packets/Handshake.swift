// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the first packet each way.

package import ByteCoding

/// The version of the protocol that this is: 1.0 ([MS-TSGU] 2.2.10.10).
package struct ProtocolVersion: Hashable, Sendable {
    /// The only one there is.
    package static let current = ProtocolVersion(major: 1, minor: 0)

    /// Differs when packets changed.
    package var major: UInt8
    /// Differs when something was added.
    package var minor: UInt8

    /// A version.
    package init(major: UInt8, minor: UInt8) {
        self.major = major
        self.minor = minor
    }
}

/// HTTP_HANDSHAKE_REQUEST_PACKET ([MS-TSGU] 2.2.10.10), client to server, 14 bytes.
package struct HandshakeRequest: GatewayPacket {
    package static let type = PacketType.handshakeRequest

    /// The version the client speaks.
    package var version: ProtocolVersion
    /// 0 in all clients seen.
    package var clientVersion: UInt16
    /// How the client wants to prove itself inside the tunnel; empty when it did so in the HTTP header.
    package var authentication: ExtendedAuthentication

    /// A request; all but the method is what clients send.
    package init(
        version: ProtocolVersion = .current,
        clientVersion: UInt16 = 0,
        authentication: ExtendedAuthentication
    ) {
        self.version = version
        self.clientVersion = clientVersion
        self.authentication = authentication
    }

    package init(reading reader: inout ByteReader) throws(DecodeError) {
        version = ProtocolVersion(major: try reader.u8(), minor: try reader.u8())
        clientVersion = try reader.u16LE()
        authentication = ExtendedAuthentication(rawValue: try reader.u16LE())
    }

    package func write(to writer: inout ByteWriter) {
        writer.u8(version.major)
        writer.u8(version.minor)
        writer.u16LE(clientVersion)
        writer.u16LE(authentication.rawValue)
    }
}

/// HTTP_HANDSHAKE_RESPONSE_PACKET ([MS-TSGU] 2.2.10.11), server to client, 18 bytes.
package struct HandshakeResponse: GatewayPacket {
    package static let type = PacketType.handshakeResponse

    /// Whether the tunnel may begin.
    package var status: HResult
    /// The version the server speaks.
    package var version: ProtocolVersion
    /// 0, as Windows servers send.
    package var serverVersion: UInt16
    /// The method the server chose; empty when the HTTP header was enough.
    package var authentication: ExtendedAuthentication

    /// A response; a refusal names what would have been accepted.
    package init(
        status: HResult = .success,
        version: ProtocolVersion = .current,
        serverVersion: UInt16 = 0,
        authentication: ExtendedAuthentication = []
    ) {
        self.status = status
        self.version = version
        self.serverVersion = serverVersion
        self.authentication = authentication
    }

    package init(reading reader: inout ByteReader) throws(DecodeError) {
        status = HResult(rawValue: try reader.u32LE())
        version = ProtocolVersion(major: try reader.u8(), minor: try reader.u8())
        serverVersion = try reader.u16LE()
        authentication = ExtendedAuthentication(rawValue: try reader.u16LE())
    }

    package func write(to writer: inout ByteWriter) {
        writer.u32LE(status.rawValue)
        writer.u8(version.major)
        writer.u8(version.minor)
        writer.u16LE(serverVersion)
        writer.u16LE(authentication.rawValue)
    }
}
