// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what all packets have in common.

package import ByteCoding

/// A packet that is read and written as a whole; both directions exist, so that a client can be built of them
/// too.
///
/// Writing never fails: fields that could be too long are types which cannot hold too much.
package protocol GatewayPacket: Hashable, Sendable {
    /// What stands in the header.
    static var type: PacketType { get }

    /// Reads the body; bytes that are left are the caller's matter.
    init(reading reader: inout ByteReader) throws(DecodeError)

    /// Appends the body.
    func write(to writer: inout ByteWriter)
}

extension GatewayPacket {
    /// Reads a whole body; a byte too few or too many is an error.
    package init(body: [UInt8]) throws(PacketError) {
        var reader = ByteReader(body)
        do {
            self = try Self(reading: &reader)
            try reader.expectEnd()
        } catch {
            throw .body(Self.type, error)
        }
    }

    /// Header and body.
    package func encoded() -> [UInt8] {
        var body = ByteWriter()
        write(to: &body)
        var whole = ByteWriter(capacity: PacketHeader.size + body.count)
        let length = UInt32(clamping: PacketHeader.size + body.count)
        PacketHeader(type: Self.type.rawValue, packetLength: length).write(to: &whole)
        whole.bytes(body.written)
        return whole.written
    }
}

extension ByteReader {
    /// A fieldsPresent number: a bit nobody knows would announce a field that cannot be skipped, so it is
    /// refused.
    mutating func fields<Flags: OptionSet>(
        _ known: Flags
    ) throws(DecodeError) -> Flags where Flags.RawValue == UInt16 {
        let raw = try u16LE()
        guard raw & ~known.rawValue == 0 else { throw .unexpected(UInt32(raw)) }
        return Flags(rawValue: raw)
    }
}
