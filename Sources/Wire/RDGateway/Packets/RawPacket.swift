// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a packet whose body nobody has read yet.

/// A packet as the scanner cut it out.
package struct RawPacket: Hashable, Sendable {
    /// The number in the header; `type` is nil when nobody knows it.
    package var rawType: UInt16
    /// Everything behind the header.
    ///
    /// Of a TUNNEL_CREATE it holds the ticket: never log it.
    package var body: [UInt8]

    /// A packet of any type.
    package init(rawType: UInt16, body: [UInt8] = []) {
        self.rawType = rawType
        self.body = body
    }

    /// A packet of a known type.
    package init(_ type: PacketType, body: [UInt8] = []) {
        self.init(rawType: type.rawValue, body: body)
    }

    /// The type, nil for a number nobody knows.
    package var type: PacketType? { PacketType(rawValue: rawType) }
}

extension RawPacket: CustomStringConvertible, CustomDebugStringConvertible {
    /// Type and size, without content.
    package var description: String { "packet 0x\(String(rawType, radix: 16)) with \(body.count) bytes" }

    /// The same: a debugger's or a test's output is no place for a ticket either.
    package var debugDescription: String { description }
}
