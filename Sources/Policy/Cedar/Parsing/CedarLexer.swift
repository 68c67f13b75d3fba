// SPDX-License-Identifier: EUPL-1.2
// Torhaus: cuts policy and schema texts into tokens.

/// Gives the tokens of a text one after another.
package struct CedarLexer: Sendable {
    private let bytes: [UInt8]
    private var index = 0
    private var line: Int32 = 1
    private var column: Int32 = 1

    /// Throws `.limit` when the text is longer than `CedarLimits.text`.
    package init(_ text: String) throws(CedarError) {
        bytes = Array(text.utf8)
        guard bytes.count <= CedarLimits.text else {
            throw CedarError(.limit, "the text has more than \(CedarLimits.text) bytes")
        }
    }

    /// The bytes of a token as written.
    package func bytes(of token: CedarToken) -> ArraySlice<UInt8> { bytes[token.range] }

    /// A token as written.
    package func text(of token: CedarToken) -> String {
        String(decoding: bytes[token.range], as: UTF8.self)
    }

    /// The next token; `.end` again and again when the text is over.
    package mutating func next() throws(CedarError) -> CedarToken {
        skipBlanks()
        guard let first = byte(at: index) else { return take(.end, 0) }
        if CedarCharacters.isNameStart(first) { return name() }
        if CedarCharacters.isDigit(first) { return take(.number, run(CedarCharacters.isDigit, from: index)) }
        if first == UInt8(ascii: "\"") { return try string() }
        if first == UInt8(ascii: "?"), let second = byte(at: index + 1), CedarCharacters.isNameStart(second) {
            return take(.slot, 1 + run(CedarCharacters.isNamePart, from: index + 1))
        }
        if let second = byte(at: index + 1), let sign = Self.double(first, second) {
            return take(.sign(sign), 2)
        }
        if let sign = Self.single(first) { return take(.sign(sign), 1) }
        throw CedarError(.syntax, "this sign has no meaning in Cedar", hint: hint(for: first), at: here)
    }

    // MARK: Kinds of tokens

    private mutating func name() -> CedarToken {
        let length = run(CedarCharacters.isNamePart, from: index)
        if let word = CedarCharacters.reserved(bytes[index..<index + length]) {
            return take(.reserved(word), length)
        }
        return take(.identifier, length)
    }

    private mutating func string() throws(CedarError) -> CedarToken {
        var end = index + 1
        while let byte = byte(at: end) {
            switch byte {
            case UInt8(ascii: "\""): return take(.string, end + 1 - index)
            case UInt8(ascii: "\\"):
                // A line feed cannot be escaped; the next character may have several bytes, the rest follows.
                guard let next = self.byte(at: end + 1), next != UInt8(ascii: "\n") else {
                    throw CedarError(.syntax, "a backslash at the end of a line", at: here)
                }
                end += 2
            default: end += 1
            }
        }
        throw CedarError(
            .syntax,
            "a string without closing quotation mark",
            hint: "it begins here",
            at: here
        )
    }

    private static func double(_ first: UInt8, _ second: UInt8) -> CedarSign? {
        switch (first, second) {
        case (UInt8(ascii: ":"), UInt8(ascii: ":")): .path
        case (UInt8(ascii: "="), UInt8(ascii: "=")): .equal
        case (UInt8(ascii: "!"), UInt8(ascii: "=")): .notEqual
        case (UInt8(ascii: "<"), UInt8(ascii: "=")): .lessOrEqual
        case (UInt8(ascii: ">"), UInt8(ascii: "=")): .greaterOrEqual
        case (UInt8(ascii: "|"), UInt8(ascii: "|")): .or
        case (UInt8(ascii: "&"), UInt8(ascii: "&")): .and
        default: nil
        }
    }

    private static func single(_ byte: UInt8) -> CedarSign? {
        switch byte {
        case UInt8(ascii: "@"): .at
        case UInt8(ascii: "."): .dot
        case UInt8(ascii: ","): .comma
        case UInt8(ascii: ";"): .semicolon
        case UInt8(ascii: ":"): .colon
        case UInt8(ascii: "("): .openParenthesis
        case UInt8(ascii: ")"): .closeParenthesis
        case UInt8(ascii: "{"): .openBrace
        case UInt8(ascii: "}"): .closeBrace
        case UInt8(ascii: "["): .openBracket
        case UInt8(ascii: "]"): .closeBracket
        case UInt8(ascii: "<"): .less
        case UInt8(ascii: ">"): .greater
        case UInt8(ascii: "+"): .plus
        case UInt8(ascii: "-"): .minus
        case UInt8(ascii: "*"): .star
        case UInt8(ascii: "/"): .slash
        case UInt8(ascii: "%"): .percent
        case UInt8(ascii: "!"): .not
        case UInt8(ascii: "="): .assign
        case UInt8(ascii: "?"): .question
        default: nil
        }
    }

    private func hint(for byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: "'"): "strings stand between \" and \""
        case UInt8(ascii: "&"): "and is written &&"
        case UInt8(ascii: "|"): "or is written ||"
        case UInt8(ascii: "#"): "comments begin with //"
        default: nil
        }
    }

    // MARK: Moving

    private var here: SourcePosition { SourcePosition(line: line, column: column) }

    private func byte(at index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }

    private func run(_ holds: (UInt8) -> Bool, from start: Int) -> Int {
        var end = start
        while let byte = byte(at: end), holds(byte) { end += 1 }
        return end - start
    }

    private mutating func take(_ kind: CedarToken.Kind, _ length: Int) -> CedarToken {
        let token = CedarToken(kind: kind, range: index..<index + length, position: here)
        advance(length)
        return token
    }

    private mutating func advance(_ length: Int) {
        for byte in bytes[index..<index + length] {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if !CedarCharacters.isContinuation(byte) {
                column += 1
            }
        }
        index += length
    }

    private mutating func skipBlanks() {
        while let first = byte(at: index) {
            let blank = CedarCharacters.blankLength(bytes[index...])
            if 0 < blank {
                advance(blank)
            } else if first == UInt8(ascii: "/"), byte(at: index + 1) == first {
                advance(run({ $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }, from: index))
            } else {
                return
            }
        }
    }
}
