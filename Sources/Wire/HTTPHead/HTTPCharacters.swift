// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the character classes of RFC 9110 and RFC 3986.

/// Predicates over single bytes.
enum HTTPCharacters {
    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")

    static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0") <= byte && byte <= UInt8(ascii: "9")
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        default: isDigit(byte)
        }
    }

    static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
        default: isDigit(byte)
        }
    }

    /// `tchar` of RFC 9110 section 5.6.2.
    static func isToken(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }

    /// What a header value may hold: no control character but the tab; bytes above ASCII pass (`obs-text`).
    static func isFieldValue(_ byte: UInt8) -> Bool {
        byte == tab || (space <= byte && byte != 0x7F)
    }

    /// `pchar`, "/" and "?" of RFC 3986, and "%" which the caller looks at.
    static func isTarget(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || "-._~!$&'()*+,;=:@/?%".utf8.contains(byte)
    }

    /// The ASCII letters made small; other bytes as they are.
    static func lowercased(_ byte: UInt8) -> UInt8 {
        UInt8(ascii: "A") <= byte && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }

    /// Equality that does not look at the case of ASCII letters.
    static func equal(_ one: some Sequence<UInt8>, _ other: some Sequence<UInt8>) -> Bool {
        one.lazy.map(lowercased).elementsEqual(other.lazy.map(lowercased))
    }

    /// `bytes` without the spaces and tabs at both ends.
    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = bytes
        while let first = rest.first, first == space || first == tab {
            rest.removeFirst()
        }
        while let last = rest.last, last == space || last == tab {
            rest.removeLast()
        }
        return rest
    }
}
