// SPDX-License-Identifier: EUPL-1.2
// Torhaus: cuts a schema text into tokens.

/// Reads one token after the other; holds only the place it has come to.
///
/// Comments run from `//` to the end of the line, which a carriage return ends as well.
struct SchemaLexer {
    private let bytes: [UInt8]
    private var place = 0
    private var line: Int32 = 1
    private var column: Int32 = 1

    /// Throws `.limit` when the text is longer than `CedarLimits.text`.
    init(_ text: String) throws(CedarError) {
        bytes = Array(text.utf8)
        if CedarLimits.text < bytes.count {
            throw CedarError(.limit, "the schema is longer than \(CedarLimits.text) bytes")
        }
    }

    /// Throws `.syntax` on what starts no token.
    mutating func next() throws(CedarError) -> SchemaToken {
        skipBlanks()
        let start = position
        guard let byte = peek() else { return SchemaToken(kind: .end, text: "", position: start) }
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
            return SchemaToken(kind: .identifier, text: take(while: Self.isWordByte), position: start)
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            return SchemaToken(kind: .number, text: take(while: Self.isDigit), position: start)
        case UInt8(ascii: "\""):
            return SchemaToken(kind: .string, text: try string(at: start), position: start)
        case UInt8(ascii: ":") where peek(1) == UInt8(ascii: ":"):
            advance()
            advance()
            return SchemaToken(kind: .symbol, text: "::", position: start)
        case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "{"), UInt8(ascii: "}"),
            UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "="),
            UInt8(ascii: "?"), UInt8(ascii: "@"), UInt8(ascii: "("), UInt8(ascii: ")"):
            advance()
            return SchemaToken(kind: .symbol, text: String(Unicode.Scalar(byte)), position: start)
        default:
            throw strange(at: start)
        }
    }

    private var position: SourcePosition { SourcePosition(line: line, column: column) }

    private func peek(_ ahead: Int = 0) -> UInt8? {
        let index = place + ahead
        return index < bytes.count ? bytes[index] : nil
    }

    private mutating func advance() {
        guard let byte = peek() else { return }
        place += 1
        if byte == UInt8(ascii: "\n") {
            line += 1
            column = 1
        } else if byte & 0xC0 != 0x80 {
            // Bytes that continue a scalar have no column of their own.
            column += 1
        }
    }

    private mutating func take(while belongs: (UInt8) -> Bool) -> String {
        let start = place
        while let byte = peek(), belongs(byte) { advance() }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private mutating func skipBlanks() {
        while true {
            let blank = SchemaBlanks.length(peek(), peek(1), peek(2))
            if 0 < blank {
                for _ in 0..<blank { advance() }
            } else if peek() == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "/") {
                while let byte = peek(), byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") { advance() }
            } else {
                return
            }
        }
    }

    /// Reads a string literal whose first quote is next.
    private mutating func string(at start: SourcePosition) throws(CedarError) -> String {
        let from = place
        advance()
        while let byte = peek(), byte != UInt8(ascii: "\"") {
            advance()
            guard byte == UInt8(ascii: "\\") else { continue }
            if peek() == UInt8(ascii: "\n") {
                throw CedarError(.syntax, "a backslash cannot continue a string on the next line", at: start)
            }
            advance()
        }
        guard peek() != nil else { throw CedarError(.syntax, "the string has no end", at: start) }
        advance()
        return try CedarUnescaping.string(bytes[from..<place], at: start)
    }

    private func strange(at start: SourcePosition) -> CedarError {
        let rest = String(decoding: bytes[place..<Swift.min(place + 4, bytes.count)], as: UTF8.self)
        let scalar = rest.unicodeScalars.first.map { CedarEscaping.escaped(String($0)) } ?? ""
        let hint = scalar == "/" ? "comments are written //" : nil
        return CedarError(.syntax, "`\(scalar)` has no meaning in a schema", hint: hint, at: start)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0") <= byte && byte <= UInt8(ascii: "9")
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
            true
        default: isDigit(byte)
        }
    }
}
