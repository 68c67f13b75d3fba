// SPDX-License-Identifier: EUPL-1.2
// Torhaus: blanks, comments and escapes.

import Testing

@testable import Cedar

@Suite("Tokens")
struct LexerTests {
    private static let blanks: [Unicode.Scalar] = [
        "\u{9}", "\u{a}", "\u{b}", "\u{c}", "\u{d}", "\u{20}", "\u{85}", "\u{a0}", "\u{1680}", "\u{2000}",
        "\u{200a}",
        "\u{2028}", "\u{2029}", "\u{202f}", "\u{205f}", "\u{3000}",
    ]

    @Test("all white space of Unicode separates tokens", arguments: blanks)
    func blank(_ scalar: Unicode.Scalar) throws {
        var lexer = try CedarLexer("a\(Character(scalar))b")
        #expect(try lexer.next().kind == .identifier)
        #expect(try lexer.next().kind == .identifier)
        #expect(try lexer.next().kind == .end)
        #expect(try lexer.next().kind == .end)
    }

    @Test(
        "what only looks like white space does not",
        arguments: ["\u{200b}", "\u{feff}", "\u{180e}", "\u{2060}"]
    )
    func noBlank(_ text: String) throws {
        var lexer = try CedarLexer("a\(text)b")
        _ = try lexer.next()
        #expect(throws: CedarError.self) { try lexer.next() }
    }

    @Test("a comment ends with the line, a carriage return ends it too")
    func comments() throws {
        var lexer = try CedarLexer("// a }\rb // c\n//\n\"//\"// d")
        let first = try lexer.next()
        #expect(lexer.text(of: first) == "b")
        let second = try lexer.next()
        #expect(lexer.text(of: second) == "\"//\"")
        #expect(second.position == SourcePosition(line: 3, column: 1))
        #expect(try lexer.next().kind == .end)
    }

    @Test("columns count scalars, lines count line feeds inside of strings too")
    func places() throws {
        var lexer = try CedarLexer("\"ü\u{308}\" a \"x\ny\" b")
        let tokens = try (0..<4).map { _ in try lexer.next().position.description }
        #expect(tokens == ["1:1", "1:6", "1:8", "2:4"])
    }

    struct Escape: CustomTestStringConvertible, Sendable {
        let written: String
        let read: String?

        var testDescription: String { written }
    }

    static let escapes = [
        Escape(written: #"\n\r\t\0\\\"\'"#, read: "\n\r\t\0\\\"'"),
        Escape(written: #"\x41\x7f"#, read: "A\u{7f}"),
        Escape(written: #"\x80"#, read: nil),
        Escape(written: #"\x4"#, read: nil),
        Escape(written: #"\u{1F600}\u{e_9}"#, read: "😀é"),
        Escape(written: #"\u{_e9}"#, read: nil),
        Escape(written: #"\u{}"#, read: nil),
        Escape(written: #"\u{0000041}"#, read: nil),
        Escape(written: #"\u{d800}"#, read: nil),
        Escape(written: #"\u{110000}"#, read: nil),
        Escape(written: #"\u0041"#, read: nil),
        Escape(written: #"\u{41"#, read: nil),
        Escape(written: #"\b"#, read: nil),
        Escape(written: #"\*"#, read: nil),
        Escape(written: "raw\nline\tand tab", read: "raw\nline\tand tab"),
        Escape(written: "carriage\rreturn", read: nil),
        Escape(written: "both\r\n", read: nil),
    ]

    @Test("escapes are those of the language", arguments: escapes)
    func escape(_ escape: Escape) {
        let literal = try? expression("\"\(escape.written)\"").kind
        #expect(literal == escape.read.map { .literal(.string(CedarText($0))) })
    }

    @Test("what is written with escapes is read as it was")
    func quoting() throws {
        for value in stride(from: UInt32(0), through: 0x10_FFFF, by: 97) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = "a\(Character(scalar))*\u{301}"
            let read = try expression(CedarEscaping.quoted(text)).kind
            #expect(read == .literal(.string(CedarText(text))))
        }
    }
}
