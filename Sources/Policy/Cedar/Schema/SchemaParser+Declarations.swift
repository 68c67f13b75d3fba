// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads a schema text: entity types, actions and common types.

extension SchemaParser {
    /// One declaration with its semicolon; annotations have been taken.
    mutating func declaration(into namespace: inout SchemaNamespaceSyntax) throws(CedarError) {
        if try accept(word: "entity") {
            namespace.entities.append(try entity())
        } else if try accept(word: "action") {
            namespace.actions.append(try action())
        } else if try accept(word: "type") {
            namespace.types.append(try commonType())
        } else {
            throw unexpected("`entity`, `action`, `type` or `namespace`")
        }
        try expect(";")
    }

    private mutating func entity() throws(CedarError) -> SchemaEntitySyntax {
        var names: [SchemaDeclaredName] = []
        repeat { names.append(try declaredType("the name of an entity type")) } while try accept(",")
        if try accept(word: "enum") {
            return SchemaEntitySyntax(names: names, shape: .choices(try choices()))
        }
        let parents = try accept(word: "in") ? try paths() : []
        var attributes: [SchemaAttributeSyntax] = []
        if try accept("=") {
            guard token.isSymbol("{") else {
                throw CedarError(
                    .syntax,
                    "expected `{`, found \(token.described)",
                    hint: "the attributes of an entity type are written out, a named type cannot stand here",
                    at: token.position
                )
            }
        }
        if token.isSymbol("{") { attributes = try record(depth: 1) }
        let tags = try accept(word: "tags") ? try type(depth: 1) : nil
        return SchemaEntitySyntax(
            names: names,
            shape: .standard(parents: parents, attributes: attributes, tags: tags)
        )
    }

    /// At least one string in brackets, without a comma behind the last.
    private mutating func choices() throws(CedarError) -> [CedarText] {
        try expect("[")
        var all: [CedarText] = []
        repeat { all.append(CedarText(try string("an id in quotes"))) } while try accept(",")
        try expect("]")
        return all
    }

    private mutating func commonType() throws(CedarError) -> SchemaCommonTypeSyntax {
        let name = try declaredType("the name of a type")
        if SchemaWords.isReservedType(name.text) {
            let detail = "a type cannot be called `\(name.text)`, which has a meaning in schemas"
            throw CedarError(.schema, detail, at: name.position)
        }
        try expect("=")
        return SchemaCommonTypeSyntax(name: name, type: try type(depth: 1))
    }

    private mutating func declaredType(_ wanted: String) throws(CedarError) -> SchemaDeclaredName {
        let name = try identifier(wanted)
        if name.text == SchemaWords.builtinNamespace { throw reservedNamespace(at: name.position) }
        return name
    }

    private mutating func action() throws(CedarError) -> SchemaActionSyntax {
        var names: [SchemaDeclaredName] = []
        repeat { names.append(try name("the name of an action")) } while try accept(",")
        let groups = try accept(word: "in") ? try actionReferences() : []
        var appliesTo: SchemaAppliesToSyntax?
        if try accept(word: "appliesTo") { appliesTo = try self.appliesTo() }
        // An old form that never had a content.
        if try accept(word: "attributes") {
            try expect("{")
            try expect("}")
        }
        return SchemaActionSyntax(names: names, groups: groups, appliesTo: appliesTo)
    }

    /// One group, or a list of groups in brackets which is not empty.
    private mutating func actionReferences() throws(CedarError) -> [SchemaActionReference] {
        guard try accept("[") else { return [try actionReference()] }
        var all: [SchemaActionReference] = []
        repeat { all.append(try actionReference()) } while try accept(",")
        try expect("]")
        return all
    }

    private mutating func actionReference() throws(CedarError) -> SchemaActionReference {
        let first = try name("the name of an action")
        guard first.isWord, token.isSymbol("::") else {
            return SchemaActionReference(type: nil, id: CedarText(first.text), position: first.position)
        }
        var type = first.text
        while try accept("::") {
            if token.kind == .string {
                return SchemaActionReference(
                    type: CedarName(checked: CedarText(type)),
                    id: CedarText(try string("the id of an action")),
                    position: first.position
                )
            }
            type += "::" + (try identifier("the id of an action in quotes")).text
        }
        throw unexpected("`::` and the id of an action in quotes")
    }

    private mutating func appliesTo() throws(CedarError) -> SchemaAppliesToSyntax {
        let start = token.position
        try expect("{")
        var types: [String: [SchemaPath]] = [:]
        var context: SchemaTypeSyntax?
        repeat {
            let word = token
            guard word.isWord("principal") || word.isWord("resource") || word.isWord("context") else {
                // A comma may end the list, but an empty list says nothing.
                if word.isSymbol("}"), !types.isEmpty || context != nil { break }
                throw unexpected("`principal`, `resource` or `context`")
            }
            try advance()
            try expect(":")
            if types[word.text] != nil || word.text == "context" && context != nil {
                throw CedarError(.schema, "`\(word.text)` is stated twice", at: word.position)
            }
            if word.text == "context" {
                context = try self.context()
                continue
            }
            types[word.text] = try paths()
        } while try accept(",")
        try expect("}")
        return SchemaAppliesToSyntax(
            principals: try stated(types["principal"], "principal", at: start),
            resources: try stated(types["resource"], "resource", at: start),
            context: context
        )
    }

    private func stated(
        _ types: [SchemaPath]?,
        _ word: String,
        at position: SourcePosition
    ) throws(CedarError) -> [SchemaPath] {
        guard let types, !types.isEmpty else {
            throw CedarError(
                .schema,
                "`appliesTo` names no `\(word)` type",
                hint: "leave `appliesTo` out if the action is only a group",
                at: position
            )
        }
        return types
    }

    private mutating func context() throws(CedarError) -> SchemaTypeSyntax {
        let start = token.position
        if token.isSymbol("{") {
            return SchemaTypeSyntax(kind: .record(try record(depth: 1)), position: start)
        }
        return SchemaTypeSyntax(kind: .name(try path()), position: start)
    }
}
