// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of the cursor that all decoders read with.

import ByteCoding
import Testing

@Suite("ByteReader")
struct ByteReaderTests {
    private let eight: [UInt8] = [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08]

    @Test("reads integers in both orders")
    func integers() throws {
        var reader = ByteReader(eight)
        #expect(try reader.u8() == 0x01)
        #expect(try reader.u16LE() == 0x0302)
        #expect(try reader.u16BE() == 0x0405)
        reader = ByteReader(eight)
        #expect(try reader.u32LE() == 0x0403_0201)
        #expect(try reader.u32BE() == 0x0506_0708)
        reader = ByteReader(eight)
        #expect(try reader.u64LE() == 0x0807_0605_0403_0201)
        reader = ByteReader(eight)
        #expect(try reader.u64BE() == 0x0102_0304_0506_0708)
        #expect(reader.remaining == 0)
    }

    @Test("a read that does not fit throws and moves nothing", arguments: 0..<8)
    func truncated(count: Int) {
        var reader = ByteReader(Array(eight.prefix(count)))
        #expect(throws: DecodeError.truncated(needed: 8, available: count)) { try reader.u64LE() }
        #expect(throws: DecodeError.truncated(needed: 9, available: count)) { try reader.bytes(9) }
        #expect(throws: DecodeError.truncated(needed: -1, available: count)) { try reader.skip(-1) }
        #expect(throws: DecodeError.truncated(needed: .max, available: count)) { try reader.skip(.max) }
        #expect(reader.position == 0)
        #expect(reader.rest() == Array(eight.prefix(count)))
    }

    @Test("a reader of a part does not see what follows")
    func subReader() throws {
        var reader = ByteReader(eight)
        try reader.skip(1)
        var part = try reader.subReader(3)
        #expect(part.remaining == 3)
        #expect(throws: DecodeError.truncated(needed: 4, available: 3)) { try part.u32LE() }
        #expect(try part.bytes(3) == [2, 3, 4])
        #expect(throws: DecodeError.truncated(needed: 1, available: 0)) { try part.u8() }
        #expect(reader.rest() == [5, 6, 7, 8])
    }

    @Test("bytes behind the end of a message are an error")
    func trailing() throws {
        var reader = ByteReader([1, 2])
        #expect(throws: DecodeError.trailing(2)) { try reader.expectEnd() }
        try reader.skip(2)
        try reader.expectEnd()
    }

    struct TextCase: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var bytes: [UInt8]
        var expected: String?
    }

    @Test(
        "UTF-8 is taken as it must be written",
        arguments: [
            TextCase(testDescription: "umlaut", bytes: [0x47, 0xC3, 0xBC], expected: "Gü"),
            TextCase(testDescription: "empty", bytes: [], expected: ""),
            TextCase(testDescription: "overlong slash", bytes: [0xC0, 0xAF], expected: nil),
            TextCase(testDescription: "surrogate", bytes: [0xED, 0xA0, 0x80], expected: nil),
            TextCase(testDescription: "above U+10FFFF", bytes: [0xF4, 0x90, 0x80, 0x80], expected: nil),
            TextCase(testDescription: "cut in a letter", bytes: [0xC3], expected: nil),
        ]
    )
    func utf8(textCase: TextCase) {
        var reader = ByteReader(textCase.bytes)
        #expect((try? reader.utf8(textCase.bytes.count, limit: 16)) == textCase.expected)
    }

    @Test(
        "UTF-16LE is taken as it must be written",
        arguments: [
            TextCase(testDescription: "letters", bytes: [0x76, 0, 0x6D, 0], expected: "vm"),
            TextCase(testDescription: "pair", bytes: [0x3D, 0xD8, 0x00, 0xDE], expected: "\u{1F600}"),
            TextCase(testDescription: "odd", bytes: [0x76, 0, 0x6D], expected: nil),
            TextCase(testDescription: "high surrogate alone", bytes: [0x3D, 0xD8], expected: nil),
            TextCase(testDescription: "low surrogate first", bytes: [0x00, 0xDE, 0x3D, 0xD8], expected: nil),
        ]
    )
    func utf16(textCase: TextCase) {
        var reader = ByteReader(textCase.bytes)
        #expect((try? reader.utf16LE(textCase.bytes.count, limit: 16)) == textCase.expected)
    }

    @Test("a length above the limit is refused before anything is copied")
    func oversize() {
        var reader = ByteReader([0xFF, 0xFF, 1, 2, 3])
        #expect(throws: DecodeError.oversize(length: 65535, limit: 16)) { try reader.bytesU16LE(limit: 16) }
        reader = ByteReader([0x03, 0x00, 1, 2, 3])
        #expect(throws: DecodeError.oversize(length: 3, limit: 2)) { try reader.utf8U16LE(limit: 2) }
        reader = ByteReader([1, 2, 3, 4])
        #expect(throws: DecodeError.oversize(length: 4, limit: 2)) { try reader.utf16LE(4, limit: 2) }
    }
}
