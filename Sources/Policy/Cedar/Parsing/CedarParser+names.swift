// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads paths and entity names.

/// What a path of identifiers turned out to be.
enum CedarParsedPath {
    case name(CedarName)
    case entity(EntityUID)
}

extension CedarParser {
    /// `A::B` or `A::B::"id"`; an identifier is ahead.
    mutating func path() throws(CedarError) -> CedarParsedPath {
        var parts = [try name("a name")]
        while isNext(.path) {
            try advance()
            if token.kind == .string {
                let id = CedarText(try string("an id"))
                return .entity(EntityUID(type: CedarName(checkedPath: parts), id: id))
            }
            parts.append(try name("a name"))
        }
        return .name(CedarName(checkedPath: parts))
    }

    /// The type right of `is`.
    mutating func typeName() throws(CedarError) -> CedarName {
        let position = token.position
        guard case .name(let name) = try path() else {
            throw CedarError(
                .syntax,
                "expected a type, found an entity",
                hint: "compare entities with ==",
                at: position
            )
        }
        return name
    }
}

extension CedarName {
    /// Reads a name in its normal form, without blanks; nil when the text is none.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        var start = 0
        while true {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: ":")) ?? bytes.count
            guard CedarCharacters.isName(bytes[start..<end]) else { return nil }
            if end == bytes.count { break }
            guard end + 1 < bytes.count, bytes[end + 1] == UInt8(ascii: ":") else { return nil }
            start = end + 2
        }
        self.init(checked: CedarText(text))
    }
}

extension EntityUID {
    /// Reads an entity as Cedar writes it, such as `Gw::User::"u-1001"`.
    package init(parsing text: String) throws(CedarError) {
        var parser = try CedarParser(text)
        guard parser.token.kind == .identifier, case .entity(let uid) = try parser.path(),
            parser.token.kind == .end
        else { throw parser.unexpected("an entity such as User::\"name\"") }
        self = uid
    }
}
