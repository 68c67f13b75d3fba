// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of the builder that all encoders write with.

import ByteCoding
import Testing

@Suite("ByteWriter")
struct ByteWriterTests {
    @Test("writes integers in both orders")
    func integers() {
        var writer = ByteWriter()
        writer.u8(0xAA)
        writer.u16LE(0x0102)
        writer.u16BE(0x0102)
        writer.u32LE(0x0102_0304)
        writer.u32BE(0x0102_0304)
        writer.u64LE(0x0102_0304_0506_0708)
        writer.u64BE(0x0102_0304_0506_0708)
        let expected: [UInt8] = [
            0xAA, 2, 1, 1, 2, 4, 3, 2, 1, 1, 2, 3, 4, 8, 7, 6, 5, 4, 3, 2, 1, 1, 2, 3, 4, 5, 6, 7, 8,
        ]
        #expect(writer.written == expected)
    }

    @Test("a length is patched where it was left open")
    func patching() {
        var writer = ByteWriter()
        writer.zeros(8)
        writer.utf16LE("Ä")
        writer.patchU32LE(0x0A0B_0C0D, at: 0)
        writer.patchU16LE(0x0102, at: 4)
        writer.patchU16BE(0x0102, at: 6)
        #expect(writer.written == [0x0D, 0x0C, 0x0B, 0x0A, 2, 1, 1, 2, 0xC4, 0])
    }

    @Test("a length that does not fit is refused, and nothing is written")
    func lengths() throws {
        var writer = ByteWriter()
        #expect(throws: DecodeError.oversize(length: 3, limit: 2)) {
            try writer.bytesU16LE([1, 2, 3], limit: 2)
        }
        #expect(throws: DecodeError.oversize(length: 65536, limit: 65535)) {
            try writer.bytesU16LE([UInt8](repeating: 0, count: 65536), limit: 100_000)
        }
        #expect(writer.written.isEmpty)
        try writer.utf8U16LE("ö", limit: 2)
        #expect(writer.written == [2, 0, 0xC3, 0xB6])
    }

    @Test("a patch outside of what is written ends the process")
    func patchOutside() async {
        await #expect(processExitsWith: .failure) {
            var writer = ByteWriter()
            writer.u8(1)
            writer.patchU16LE(1, at: 0)
        }
    }
}
