// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the NTLM packet, which we read and never agree to.

package import ByteCoding

/// HTTP_EXTENDED_AUTH_PACKET ([MS-TSGU] 2.2.10.7), both directions.
///
/// It carries NTLM inside the tunnel. PAM cannot verify NTLM, so the method is never agreed on and the packet
/// is a mistake in every state.
package struct ExtendedAuthenticationMessage: GatewayPacket {
    package static let type = PacketType.extendedAuthentication

    /// Success while the exchange goes on.
    package var status: HResult
    /// The NTLM message.
    package var blob: Blob

    /// A message of the exchange.
    package init(status: HResult, blob: Blob = .empty) {
        self.status = status
        self.blob = blob
    }

    package init(reading reader: inout ByteReader) throws(DecodeError) {
        status = HResult(rawValue: try reader.u32LE())
        blob = try Blob(reading: &reader, limit: PacketLimit.blob)
    }

    package func write(to writer: inout ByteWriter) {
        writer.u32LE(status.rawValue)
        blob.write(to: &writer)
    }
}
