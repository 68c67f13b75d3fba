// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a schema as it was written.

/// A schema text after parsing.
struct SchemaSyntax {
    let namespaces: [SchemaNamespaceSyntax]
    let remarks: [CedarError]
}

/// A path such as `Gw::User` where it stands.
struct SchemaPath {
    let name: CedarName
    let position: SourcePosition

    /// Whether it is one identifier, without a namespace.
    var isSimple: Bool { !name.text.utf8.contains(UInt8(ascii: ":")) }
}

/// A type as written; names are not looked up yet.
struct SchemaTypeSyntax {
    indirect enum Kind {
        case name(SchemaPath)
        case set(SchemaTypeSyntax)
        case record([SchemaAttributeSyntax])
    }

    let kind: Kind
    let position: SourcePosition
}

/// `name?: type` in a record.
struct SchemaAttributeSyntax {
    let key: CedarText
    let isRequired: Bool
    let type: SchemaTypeSyntax
}

/// A word or string that is declared, and where.
struct SchemaDeclaredName {
    let text: String
    let position: SourcePosition
    /// Whether it was written without quotes.
    var isWord = true
}

/// `entity A, B in [C] { … } tags T;` or `entity A enum ["x"];`.
struct SchemaEntitySyntax {
    enum Shape {
        case standard(parents: [SchemaPath], attributes: [SchemaAttributeSyntax], tags: SchemaTypeSyntax?)
        /// The ids there are.
        case choices([CedarText])
    }

    let names: [SchemaDeclaredName]
    let shape: Shape
}

/// A group an action belongs to: `g`, `"g h"` or `N::Action::"g"`.
struct SchemaActionReference {
    /// The type before the id; nil when only the id was written.
    let type: CedarName?
    let id: CedarText
    let position: SourcePosition
}

/// `appliesTo { principal: …, resource: …, context: … }`.
struct SchemaAppliesToSyntax {
    let principals: [SchemaPath]
    let resources: [SchemaPath]
    /// A record or the name of one; nil means no attributes.
    let context: SchemaTypeSyntax?
}

/// `action a, "b c" in [g] appliesTo { … };`.
struct SchemaActionSyntax {
    let names: [SchemaDeclaredName]
    let groups: [SchemaActionReference]
    /// Nil when the action is only a group.
    let appliesTo: SchemaAppliesToSyntax?
}

/// `type T = …;`.
struct SchemaCommonTypeSyntax {
    let name: SchemaDeclaredName
    let type: SchemaTypeSyntax
}

/// What stands in one namespace; the empty one collects what stands outside all.
struct SchemaNamespaceSyntax {
    /// Nil outside all namespaces.
    let name: CedarName?
    var entities: [SchemaEntitySyntax] = []
    var actions: [SchemaActionSyntax] = []
    var types: [SchemaCommonTypeSyntax] = []

    /// The name of something declared here with its namespace.
    func qualified(_ word: String) -> CedarName {
        name.map { CedarName(checked: CedarText("\($0)::\(word)")) } ?? CedarName(checked: CedarText(word))
    }

    /// The type of the actions declared here.
    var actionType: CedarName { qualified("Action") }
}
