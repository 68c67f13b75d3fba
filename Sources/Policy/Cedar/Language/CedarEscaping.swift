// SPDX-License-Identifier: EUPL-1.2
// Torhaus: writes strings as Cedar literals.

/// Writes texts so that the parser reads the same back.
package enum CedarEscaping {
    /// The text between double quotes, with escapes.
    package static func quoted(_ text: String) -> String { "\"\(escaped(text))\"" }

    /// The text with escapes, without quotes.
    package static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars { append(scalar, to: &result) }
        return result
    }

    /// Writes one scalar; control and invisible ones as `\u{…}`.
    package static func append(_ scalar: Unicode.Scalar, to result: inout String) {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        case "\r": result += "\\r"
        case "\t": result += "\\t"
        case "\0": result += "\\0"
        default:
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
                .nonspacingMark, .enclosingMark:
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default:
                result.unicodeScalars.append(scalar)
            }
        }
    }
}
