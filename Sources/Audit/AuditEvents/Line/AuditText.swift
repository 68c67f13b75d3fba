// SPDX-License-Identifier: EUPL-1.2
// Torhaus: texts between quotation marks, the same bytes for the same text.

/// Text as JSON strings.
package enum AuditText {
    /// RFC 8259 section 7, and RFC 8785's choice of short escapes.
    ///
    /// DEL, C1 and the line separators are escaped too: a log is read in terminals, and some readers split at
    /// U+2028.
    package static func quote(_ text: String, into line: inout String) {
        line += "\""
        guard text.utf8.contains(where: mayNeedEscape) else {
            line += text
            line += "\""
            return
        }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": line += "\\\""
            case "\\": line += "\\\\"
            case "\u{8}": line += "\\b"
            case "\u{9}": line += "\\t"
            case "\u{A}": line += "\\n"
            case "\u{C}": line += "\\f"
            case "\u{D}": line += "\\r"
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}", "\u{202A}"..."\u{202E}",
                "\u{2066}"..."\u{2069}":
                let digits = String(scalar.value, radix: 16)
                line += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            default: line.unicodeScalars.append(scalar)
            }
        }
        line += "\""
    }

    /// False for the bytes of which most texts consist; 0xC2 and 0xE2 begin some scalars that are escaped.
    private static func mayNeedEscape(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x00...0x1F, 0x22, 0x5C, 0x7F, 0xC2, 0xE2: true
        default: false
        }
    }
}
