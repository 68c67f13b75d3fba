// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what can be wrong with a packet.

package import ByteCoding

/// Why bytes are not a packet.
///
/// It never carries content from the peer, only numbers and names of fields.
package enum PacketError: Error, Equatable, Sendable {
    /// `packetLength` is shorter than its own header, or above the limit for this type.
    case length(type: UInt16, length: UInt32)
    /// The payload's length of a DATA packet does not fit the packet's.
    case dataLength(packet: UInt32, payload: UInt16)
    /// The body of a packet of this type breaks its rules.
    case body(PacketType, DecodeError)
    /// A value does not fit the field it was made for.
    case field(DecodeError)
}
