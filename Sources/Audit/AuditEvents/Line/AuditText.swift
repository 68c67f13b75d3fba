// SPDX-License-Identifier: EUPL-1.2
// Torhaus: texts between quotation marks, the same bytes for the same text.

/// Text as JSON strings.
package enum AuditText {
    /// RFC 8259 section 7, and RFC 8785's choice of short escapes.
    ///
    /// DEL, C1 and the line separators are escaped too: a log is read in terminals, and some readers split at
    /// U+2028.
    package static func quote(_ text: String, into line: inout [UInt8]) {
        line.append(UInt8(ascii: "\""))
        if text.utf8.contains(where: mayNeedEscape) {
            for scalar in text.unicodeScalars { append(scalar, to: &line) }
        } else {
            line.append(contentsOf: text.utf8)
        }
        line.append(UInt8(ascii: "\""))
    }

    private static func append(_ scalar: Unicode.Scalar, to line: inout [UInt8]) {
        switch scalar {
        case "\"": line += #"\""#.utf8
        case "\\": line += #"\\"#.utf8
        case "\u{8}": line += #"\b"#.utf8
        case "\u{9}": line += #"\t"#.utf8
        case "\u{A}": line += #"\n"#.utf8
        case "\u{C}": line += #"\f"#.utf8
        case "\u{D}": line += #"\r"#.utf8
        case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}", "\u{202A}"..."\u{202E}",
            "\u{2066}"..."\u{2069}":
            let digits = String(scalar.value, radix: 16)
            line += (#"\u"# + String(repeating: "0", count: max(0, 4 - digits.count)) + digits).utf8
        default: line += Array(String(scalar).utf8)
        }
    }

    /// False for the bytes of which most texts consist; 0xC2 and 0xE2 begin some scalars that are escaped.
    static func mayNeedEscape(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x00...0x1F, 0x22, 0x5C, 0x7F, 0xC2, 0xE2: true
        default: false
        }
    }
}
