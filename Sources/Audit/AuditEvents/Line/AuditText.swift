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
}
