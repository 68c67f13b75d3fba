// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads the escapes of string literals and patterns.

/// Reads what stands between the quotation marks of a literal.
package enum CedarUnescaping {
    private static let longestScalar = 6

    /// The text of a string literal; `bytes` include the quotation marks.
    package static func string(
        _ bytes: ArraySlice<UInt8>,
        at position: SourcePosition
    ) throws(CedarError) -> String {
        let inner = bytes.dropFirst().dropLast()
        if !inner.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "\r") }) {
            return String(decoding: inner, as: UTF8.self)
        }
        var result = String.UnicodeScalarView()
        var scalars = Substring(String(decoding: inner, as: UTF8.self)).unicodeScalars
        while let scalar = try next(&scalars, at: position) {
            guard case .scalar(let value) = scalar else {
                throw CedarError(
                    .syntax,
                    "the escape \\* has no meaning here",
                    hint: "it belongs right of like",
                    at: position
                )
            }
            result.append(value)
        }
        return String(result)
    }

    /// The pattern of a literal right of `like`; `bytes` include the quotation marks.
    ///
    /// A star is a wildcard however it was written, by an escape too; only `\*` is a star.
    package static func pattern(
        _ bytes: ArraySlice<UInt8>,
        at position: SourcePosition
    ) throws(CedarError) -> CedarPattern {
        var elements: [CedarPattern.Element] = []
        var scalars = Substring(String(decoding: bytes.dropFirst().dropLast(), as: UTF8.self)).unicodeScalars
        while let scalar = try next(&scalars, at: position) {
            switch scalar {
            case .star: elements.append(.scalar("*"))
            case .scalar("*"): elements.append(.wildcard)
            case .scalar(let value): elements.append(.scalar(value))
            }
        }
        return CedarPattern(elements)
    }

    private enum Piece {
        case scalar(Unicode.Scalar)
        /// `\*`
        case star
    }

    private static func next(
        _ scalars: inout Substring.UnicodeScalarView,
        at position: SourcePosition
    ) throws(CedarError) -> Piece? {
        guard let first = scalars.popFirst() else { return nil }
        if first == "\r" {
            throw CedarError(.syntax, "a bare carriage return in a string", hint: "write \\r", at: position)
        }
        guard first == "\\" else { return .scalar(first) }
        guard let kind = scalars.popFirst() else {
            throw CedarError(.syntax, "a backslash at the end of a string", at: position)
        }
        switch kind {
        case "n": return .scalar("\n")
        case "r": return .scalar("\r")
        case "t": return .scalar("\t")
        case "0": return .scalar("\0")
        case "\\", "\"", "'": return .scalar(kind)
        case "*": return .star
        case "x": return .scalar(try byte(&scalars, at: position))
        case "u": return .scalar(try braced(&scalars, at: position))
        default:
            throw CedarError(
                .syntax,
                "the escape \\\(kind) is not known",
                hint: "a backslash itself is written \\\\",
                at: position
            )
        }
    }

    /// Two digits after `\x`, at most 7f.
    private static func byte(
        _ scalars: inout Substring.UnicodeScalarView,
        at position: SourcePosition
    ) throws(CedarError) -> Unicode.Scalar {
        guard let high = scalars.popFirst().flatMap(digit), let low = scalars.popFirst().flatMap(digit),
            high < 8
        else {
            throw CedarError(.syntax, "\\x wants two hexadecimal digits, at most 7f", at: position)
        }
        return Unicode.Scalar(UInt8(high << 4 | low))
    }

    /// `{…}` after `\u`: one to six digits, `_` allowed after the first.
    private static func braced(
        _ scalars: inout Substring.UnicodeScalarView,
        at position: SourcePosition
    ) throws(CedarError) -> Unicode.Scalar {
        var value: UInt32 = 0
        var digits = 0
        var opened = scalars.popFirst() == "{"
        while opened, let scalar = scalars.popFirst() {
            if let digit = digit(scalar), digits < longestScalar {
                value = value << 4 | digit
                digits += 1
            } else if scalar == "}", 0 < digits, let result = Unicode.Scalar(value) {
                return result
            } else if scalar != "_" || digits == 0 {
                opened = false
            }
        }
        throw CedarError(
            .syntax,
            "\\u wants one to six hexadecimal digits of a Unicode scalar in braces",
            hint: "such as \\u{1F600}",
            at: position
        )
    }

    private static func digit(_ scalar: Unicode.Scalar) -> UInt32? {
        switch scalar {
        case "0"..."9": scalar.value - 0x30
        case "a"..."f": scalar.value - 0x61 + 10
        case "A"..."F": scalar.value - 0x41 + 10
        default: nil
        }
    }
}
