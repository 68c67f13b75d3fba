// SPDX-License-Identifier: EUPL-1.2
// Torhaus: which words of a schema are not free.

/// Words with a meaning of their own.
enum SchemaWords {
    /// The namespace of what Cedar itself defines.
    static let builtinNamespace = "__cedar"

    // Keywords of policies; a schema may not use them as plain identifiers either.
    private static let reserved: Set<String> = [
        "true", "false", "if", "then", "else", "in", "is", "like", "has",
    ]

    // Names a common type may not have, in any namespace.
    private static let reservedTypes: Set<String> = [
        "Bool", "Boolean", "Entity", "Extension", "Long", "Record", "Set", "String",
    ]

    static func isReserved(_ word: String) -> Bool { reserved.contains(word) }

    static func isReservedType(_ word: String) -> Bool { reservedTypes.contains(word) }

    /// What Cedar defines under this name.
    static func builtin(_ name: String) -> CedarType? {
        switch name {
        case "Bool": .bool
        case "Long": .long
        case "String": .string
        case "decimal": .decimal
        case "ipaddr": .ip
        case "datetime": .datetime
        case "duration": .duration
        default: nil
        }
    }
}
