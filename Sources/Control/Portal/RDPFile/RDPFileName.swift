// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a file name that a person recognises in her download folder.

import Foundation

/// `Rhönblick-Arbeitsplatz-1.rdp`, and the same in ASCII for clients that know no better.
struct RDPFileName: Sendable, Hashable {
    /// With umlauts.
    let full: String
    /// ASCII letters, digits, dot and hyphen only.
    let ascii: String

    /// Characters of the name before `.rdp`; more than a folder view shows helps nobody.
    static let longest = 80

    init(municipality: String, desktop: String) {
        let name = Self.cleaned("\(municipality)-\(desktop)")
        full = name + ".rdp"
        ascii = Self.cleaned(Self.transliterated(name).filter(\.isASCII)) + ".rdp"
    }

    /// The header's value (RFC 6266 with RFC 5987's encoding).
    var contentDisposition: String {
        let encoded = full.utf8.map { byte in
            Self.isUnreserved(byte) ? String(UnicodeScalar(byte)) : "%" + Self.hex(byte)
        }
        return "attachment; filename=\"\(ascii)\"; filename*=UTF-8''\(encoded.joined())"
    }

    /// Letters and digits stay; each run of anything else becomes one hyphen.
    private static func cleaned(_ text: String) -> String {
        var result = ""
        for character in text {
            if character.isLetter || character.isNumber {
                result.append(character)
            } else if !result.isEmpty, !result.hasSuffix("-") {
                result.append("-")
            }
        }
        result = String(result.prefix(longest))
        while result.hasSuffix("-") { result.removeLast() }
        return result.isEmpty ? "Torhaus" : result
    }

    /// Umlauts the German way, other accents dropped.
    private static func transliterated(_ text: String) -> String {
        let german = ["ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ẞ": "SS"]
        let spelled = text.precomposedStringWithCanonicalMapping.map { german[String($0)] ?? String($0) }
            .joined()
        return spelled.folding(options: .diacriticInsensitive, locale: nil)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }

    private static func hex(_ byte: UInt8) -> String {
        let text = String(byte, radix: 16, uppercase: true)
        return text.count == 1 ? "0" + text : text
    }
}
