// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads a schema text: types and records.

extension SchemaParser {
    /// A name, `Set<…>` or a record.
    ///
    /// Throws `.limit` below `SchemaLimits.typeDepth` levels.
    mutating func type(depth: Int) throws(CedarError) -> SchemaTypeSyntax {
        let start = token.position
        try bound(depth)
        if token.isSymbol("{") {
            return SchemaTypeSyntax(kind: .record(try record(depth: depth)), position: start)
        }
        let path = try path()
        guard path.name.text == "Set", try accept("<") else {
            return SchemaTypeSyntax(kind: .name(path), position: start)
        }
        let element = try type(depth: depth + 1)
        try expect(">")
        return SchemaTypeSyntax(kind: .set(element), position: start)
    }

    /// `{ key?: type, … }`; a comma may follow the last attribute.
    ///
    /// Of attributes with the same key only the last is kept, as in the official implementation; it is remarked.
    mutating func record(depth: Int) throws(CedarError) -> [SchemaAttributeSyntax] {
        try bound(depth)
        try expect("{")
        var attributes: [SchemaAttributeSyntax] = []
        var places: [CedarText: Int] = [:]
        while !token.isSymbol("}") {
            try annotations()
            let name = try name("the name of an attribute")
            let isOptional = try accept("?")
            try expect(":")
            let type = try type(depth: depth + 1)
            let key = CedarText(name.text)
            let attribute = SchemaAttributeSyntax(key: key, isRequired: !isOptional, type: type)
            if let place = places[key] {
                attributes[place] = attribute
                let detail =
                    "the attribute \(CedarEscaping.quoted(name.text)) is stated twice, the last counts"
                remark(CedarError(.schema, detail, at: name.position))
            } else {
                places[key] = attributes.count
                attributes.append(attribute)
            }
            if try !accept(",") { break }
        }
        try expect("}")
        return attributes
    }

    private func bound(_ depth: Int) throws(CedarError) {
        if SchemaLimits.typeDepth < depth {
            throw CedarError(
                .limit,
                "the type has more than \(SchemaLimits.typeDepth) levels",
                at: token.position
            )
        }
    }
}
