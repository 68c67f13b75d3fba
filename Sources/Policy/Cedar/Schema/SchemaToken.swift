// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the words a schema consists of.

/// One token of a schema text.
struct SchemaToken {
    enum Kind: Hashable {
        case identifier
        /// A string literal; the text is unescaped.
        case string
        case number
        case symbol
        case end
    }

    let kind: Kind
    /// The identifier, the content of the string or the symbol.
    let text: String
    let position: SourcePosition

    /// How messages name it.
    var described: String {
        switch kind {
        case .identifier, .number, .symbol: "`\(text)`"
        case .string: CedarEscaping.quoted(text)
        case .end: "the end of the text"
        }
    }

    /// Whether it is this symbol.
    func isSymbol(_ symbol: String) -> Bool { kind == .symbol && text == symbol }

    /// Whether it is this word, not in quotes.
    func isWord(_ word: String) -> Bool { kind == .identifier && text == word }
}
