// SPDX-License-Identifier: EUPL-1.2
// Torhaus: white space of schemas, as Unicode has it.

/// The scalars with the Unicode property White_Space, in UTF-8.
enum SchemaBlanks {
    /// How many bytes the white space at the start of these three has; 0 when there is none.
    static func length(_ first: UInt8?, _ second: UInt8?, _ third: UInt8?) -> Int {
        switch (first, second, third) {
        // Tab, line feed, vertical tab, form feed, carriage return, space.
        case (0x09, _, _), (0x0A, _, _), (0x0B, _, _), (0x0C, _, _), (0x0D, _, _), (0x20, _, _): 1
        // U+0085, U+00A0.
        case (0xC2, 0x85, _), (0xC2, 0xA0, _): 2
        // U+1680, U+2000 to U+200A, U+2028, U+2029, U+202F, U+205F, U+3000.
        case (0xE1, 0x9A, 0x80), (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80): 3
        case (0xE2, 0x80, let last?) where last <= 0xAF:
            (0x80...0x8A).contains(last) || last == 0xA8 || last == 0xA9 || last == 0xAF ? 3 : 0
        default: 0
        }
    }
}
