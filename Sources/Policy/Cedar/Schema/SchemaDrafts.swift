// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the resolver knows before hierarchies are worked out.

/// A type with its size, which grows quickly when common types use one another.
struct SchemaResolvedType {
    let type: CedarType
    /// How many types it consists of.
    let parts: Int
    /// Levels from here down.
    let depth: Int

    /// A type without parts.
    init(_ type: CedarType) {
        self.type = type
        parts = 1
        depth = 1
    }

    /// A type made of others.
    ///
    /// Throws `.limit` when it is too large or too deep; the parts were within the limits, so sums cannot overflow.
    init(
        _ type: CedarType,
        over inner: [SchemaResolvedType],
        at position: SourcePosition
    ) throws(CedarError) {
        self.type = type
        parts = 1 + inner.reduce(0) { $0 + $1.parts }
        depth = 1 + inner.reduce(0) { max($0, $1.depth) }
        if SchemaLimits.typeParts < parts || SchemaLimits.typeDepth < depth {
            throw CedarError(
                .limit,
                "the type has more than \(SchemaLimits.typeParts) parts or \(SchemaLimits.typeDepth) levels",
                at: position
            )
        }
    }
}

/// An entity type with its direct parents only.
struct SchemaEntityDraft {
    var name = CedarName(checked: "")
    var parents: [CedarName] = []
    var attributes = CedarRecordType.empty
    var tags: CedarType?
    var choices: Set<CedarText>?
}

/// An action with its direct groups only.
struct SchemaActionDraft {
    let uid: EntityUID
    let groups: [EntityUID]
    let principals: [CedarName]
    let resources: [CedarName]
    let context: CedarRecordType
    let position: SourcePosition
}
