// SPDX-License-Identifier: EUPL-1.2
// Torhaus: bytes as text that people can read out on the telephone.

/// Base32 with Crockford's alphabet (no I, L, O, U), most significant bits first, without padding.
package enum CrockfordBase32 {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// The text of some bytes, five bits for each character; missing bits at the end are zero.
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        var buffer: UInt32 = 0
        var bits = 0
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while 5 <= bits {
                bits -= 5
                text.append(alphabet[Int(buffer >> UInt32(bits) & 31)])
            }
            buffer &= (1 << UInt32(bits)) - 1
        }
        if 0 < bits { text.append(alphabet[Int(buffer << UInt32(5 - bits) & 31)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text; nil unless it holds exactly so many, with zeros in the bits that are left.
    ///
    /// Small letters, O for 0, and I or L for 1 are accepted, as the alphabet's author wants it.
    package static func decode(_ text: some Sequence<UInt8>, count: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        var buffer: UInt32 = 0
        var bits = 0
        for character in text {
            guard bytes.count < count, let value = value(of: character) else { return nil }
            buffer = buffer << 5 | UInt32(value)
            bits += 5
            if 8 <= bits {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
                buffer &= (1 << UInt32(bits)) - 1
            }
        }
        guard bytes.count == count, bits < 5, buffer == 0 else { return nil }
        return bytes
    }

    private static func value(of character: UInt8) -> UInt8? {
        let capital = 0x61...0x7A ~= character ? character - 0x20 : character
        let meant: UInt8 =
            switch capital {
            case UInt8(ascii: "O"): UInt8(ascii: "0")
            case UInt8(ascii: "I"), UInt8(ascii: "L"): UInt8(ascii: "1")
            default: capital
            }
        return alphabet.firstIndex(of: meant).map { UInt8($0) }
    }
}
