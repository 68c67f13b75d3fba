// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads a schema text: tokens, names, namespaces.

/// Recursive descent with one token of look-ahead; stops at the first error.
struct SchemaParser {
    private var lexer: SchemaLexer
    private(set) var token: SchemaToken
    private var remarks: [CedarError] = []

    private init(_ text: String) throws(CedarError) {
        lexer = try SchemaLexer(text)
        token = try lexer.next()
    }

    /// What the text says; the namespace without a name comes first.
    static func parse(_ text: String) throws(CedarError) -> SchemaSyntax {
        var parser = try SchemaParser(text)
        var outside = SchemaNamespaceSyntax(name: nil)
        var named: [SchemaNamespaceSyntax] = []
        var seen: Set<CedarName> = []
        while parser.token.kind != .end {
            try parser.annotations()
            guard parser.token.isWord("namespace") else {
                try parser.declaration(into: &outside)
                continue
            }
            let position = parser.token.position
            let namespace = try parser.namespace()
            if let name = namespace.name, !seen.insert(name).inserted {
                throw CedarError(.schema, "the namespace `\(name)` is declared twice", at: position)
            }
            named.append(namespace)
        }
        return SchemaSyntax(namespaces: [outside] + named, remarks: parser.remarks)
    }

    private mutating func namespace() throws(CedarError) -> SchemaNamespaceSyntax {
        try advance()
        let path = try path()
        if path.name.components.contains(where: { $0 == SchemaWords.builtinNamespace }) {
            throw reservedNamespace(at: path.position)
        }
        var namespace = SchemaNamespaceSyntax(name: path.name)
        try expect("{")
        while !token.isSymbol("}") {
            try annotations()
            try declaration(into: &namespace)
        }
        try advance()
        return namespace
    }

    mutating func remark(_ remark: CedarError) { remarks.append(remark) }

    /// Annotations have no meaning to the validator; only their form is checked.
    mutating func annotations() throws(CedarError) {
        var seen: Set<String> = []
        while token.isSymbol("@") {
            try advance()
            guard token.kind == .identifier else { throw unexpected("the name of an annotation") }
            if !seen.insert(token.text).inserted {
                throw CedarError(.syntax, "the annotation `\(token.text)` occurs twice", at: token.position)
            }
            try advance()
            if try accept("(") {
                _ = try string("the text of the annotation")
                try expect(")")
            }
        }
    }
}

// MARK: - Tokens

extension SchemaParser {
    mutating func advance() throws(CedarError) { token = try lexer.next() }

    /// Takes the symbol if it is next.
    mutating func accept(_ symbol: String) throws(CedarError) -> Bool {
        guard token.isSymbol(symbol) else { return false }
        try advance()
        return true
    }

    mutating func expect(_ symbol: String) throws(CedarError) {
        if try !accept(symbol) { throw unexpected("`\(symbol)`") }
    }

    /// Takes the word if it is next.
    mutating func accept(word: String) throws(CedarError) -> Bool {
        guard token.isWord(word) else { return false }
        try advance()
        return true
    }

    mutating func string(_ wanted: String) throws(CedarError) -> String {
        guard token.kind == .string else { throw unexpected(wanted) }
        let text = token.text
        try advance()
        return text
    }

    mutating func identifier(_ wanted: String) throws(CedarError) -> SchemaDeclaredName {
        guard token.kind == .identifier else { throw unexpected(wanted) }
        if SchemaWords.isReserved(token.text) {
            throw CedarError(.syntax, "`\(token.text)` is a reserved word", at: token.position)
        }
        let name = SchemaDeclaredName(text: token.text, position: token.position)
        try advance()
        return name
    }

    /// An identifier or a string: attributes and actions may have either.
    mutating func name(_ wanted: String) throws(CedarError) -> SchemaDeclaredName {
        guard token.kind == .string else { return try identifier(wanted) }
        let name = SchemaDeclaredName(text: token.text, position: token.position, isWord: false)
        try advance()
        return name
    }

    mutating func path() throws(CedarError) -> SchemaPath {
        let first = try identifier("a name")
        var text = first.text
        while try accept("::") {
            text += "::" + (try identifier("a name")).text
        }
        return SchemaPath(name: CedarName(checked: CedarText(text)), position: first.position)
    }

    /// One path, or a list of paths in brackets which may be empty.
    mutating func paths() throws(CedarError) -> [SchemaPath] {
        guard try accept("[") else { return [try path()] }
        var all: [SchemaPath] = []
        if try accept("]") { return all }
        repeat { all.append(try path()) } while try accept(",")
        try expect("]")
        return all
    }

    func unexpected(_ wanted: String) -> CedarError {
        CedarError(.syntax, "expected \(wanted), found \(token.described)", at: token.position)
    }

    func reservedNamespace(at position: SourcePosition) -> CedarError {
        let detail = "the name `\(SchemaWords.builtinNamespace)` belongs to Cedar itself"
        return CedarError(.schema, detail, at: position)
    }
}
