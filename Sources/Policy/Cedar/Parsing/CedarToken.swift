// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the words and signs of Cedar texts.

/// A word, literal or sign of a policy or schema, with its place.
package struct CedarToken: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case identifier
        case reserved(CedarReservedWord)
        /// Quotes included, escapes not yet read.
        case string
        case number
        /// `?principal` and the like.
        case slot
        case sign(CedarSign)
        case end
    }

    package let kind: Kind
    /// Where in the bytes of the text.
    package let range: Range<Int>
    package let position: SourcePosition
}

/// Identifiers that cannot be names.
package enum CedarReservedWord: String, Hashable, Sendable, CaseIterable {
    case isTrue = "true"
    case isFalse = "false"
    case `if`
    case then
    case `else`
    case `in`
    case `is`
    case like
    case has
}

/// Signs of policies and schemas; the raw value is how they are written.
package enum CedarSign: String, Hashable, Sendable, CaseIterable {
    case at = "@"
    case dot = "."
    case comma = ","
    case semicolon = ";"
    case colon = ":"
    case path = "::"
    case openParenthesis = "("
    case closeParenthesis = ")"
    case openBrace = "{"
    case closeBrace = "}"
    case openBracket = "["
    case closeBracket = "]"
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case or = "||"
    case and = "&&"
    case plus = "+"
    case minus = "-"
    case star = "*"
    case slash = "/"
    case percent = "%"
    case not = "!"
    case assign = "="
    case question = "?"
}
