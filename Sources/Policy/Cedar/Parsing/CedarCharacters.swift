// SPDX-License-Identifier: EUPL-1.2
// Torhaus: classes of characters in Cedar texts.

/// Tests on bytes of UTF-8; names and digits are ASCII only.
package enum CedarCharacters {
    package static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0") <= byte && byte <= UInt8(ascii: "9")
    }

    package static func isNameStart(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a") <= byte && byte <= UInt8(ascii: "z"))
            || (UInt8(ascii: "A") <= byte && byte <= UInt8(ascii: "Z")) || byte == UInt8(ascii: "_")
    }

    package static func isNamePart(_ byte: UInt8) -> Bool { isNameStart(byte) || isDigit(byte) }

    /// Whether this byte continues a scalar.
    package static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xc0 == 0x80 }

    /// The reserved word these bytes spell; nil for other names.
    package static func reserved(_ bytes: ArraySlice<UInt8>) -> CedarReservedWord? {
        guard bytes.count <= 5 else { return nil }
        return CedarReservedWord(rawValue: String(decoding: bytes, as: UTF8.self))
    }

    /// Whether the text is a name: `[_a-zA-Z][_a-zA-Z0-9]*` and not reserved.
    package static func isName(_ text: some Collection<UInt8>) -> Bool {
        guard let first = text.first, isNameStart(first), text.allSatisfy(isNamePart) else { return false }
        let bytes = Array(text)
        return reserved(bytes[...]) == nil && !bytes.elementsEqual("__cedar".utf8)
    }

    /// Bytes of the white space at the start, 0 when there is none (Unicode property White_Space).
    package static func blankLength(_ bytes: ArraySlice<UInt8>) -> Int {
        guard let first = bytes.first else { return 0 }
        if first == 0x20 || (0x09 <= first && first <= 0x0d) { return 1 }
        guard 0x80 <= first else { return 0 }
        var next = bytes.dropFirst()
        guard let second = next.popFirst() else { return 0 }
        if first == 0xc2 { return second == 0x85 || second == 0xa0 ? 2 : 0 }
        guard let third = next.popFirst() else { return 0 }
        switch (first, second) {
        case (0xe1, 0x9a), (0xe3, 0x80): return third == 0x80 ? 3 : 0  // U+1680, U+3000
        case (0xe2, 0x80):  // U+2000–200A, U+2028, U+2029, U+202F
            return third <= 0x8a || third == 0xa8 || third == 0xa9 || third == 0xaf ? 3 : 0
        case (0xe2, 0x81): return third == 0x9f ? 3 : 0  // U+205F
        default: return 0
        }
    }
}
