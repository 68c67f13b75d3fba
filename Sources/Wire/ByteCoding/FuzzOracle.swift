// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what must hold for every input of ByteCoding; the fuzzer and the tests call it.

/// Reads the input in an order that the input itself chooses, and writes back what was read.
package enum ByteCodingOracle {
    /// Traps when a read gives other bytes than were there, or a failed read moves the reader.
    package static func run(_ input: [UInt8]) {
        var reader = ByteReader(input)
        var writer = ByteWriter(capacity: input.count)
        while 0 < reader.remaining {
            let before = reader.position
            do {
                try copyOne(from: &reader, to: &writer, choice: Int(input[before]) % 8)
            } catch {
                reader = ByteReader(Array(input[before...]))
                writer.bytes(reader.rest())
            }
            precondition(writer.written.elementsEqual(input.prefix(writer.count)), "a read lost bytes")
        }
        precondition(writer.written == input, "the copy ends early")

        let text = Base64.encode(input)
        precondition(Base64.decode(text.utf8) == input, "base64 does not come back")
        if let bytes = Base64.decode(input) {
            precondition(Array(Base64.encode(bytes).utf8) == input, "base64 has two forms")
        }
    }

    private static func copyOne(
        from reader: inout ByteReader,
        to writer: inout ByteWriter,
        choice: Int
    ) throws(DecodeError) {
        switch choice {
        case 0: writer.u8(try reader.u8())
        case 1: writer.u16LE(try reader.u16LE())
        case 2: writer.u16BE(try reader.u16BE())
        case 3: writer.u32LE(try reader.u32LE())
        case 4: writer.u64BE(try reader.u64BE())
        case 5: try writer.bytesU16LE(try reader.bytesU16LE(limit: 4096), limit: 4096)
        case 6: writer.utf8(try reader.utf8(Swift.min(5, reader.remaining), limit: 8))
        default: writer.utf16LE(try reader.utf16LE(4, limit: 8))
        }
    }
}
