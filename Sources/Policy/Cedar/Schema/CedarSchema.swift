// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a schema: which entities, actions and contexts there are.

/// What a schema says of one entity type.
package struct CedarEntityType: Sendable {
    package let name: CedarName
    package let attributes: CedarRecordType
    /// The type of all tags; nil when entities of this type have none.
    package let tags: CedarType?
    /// The only ids there are; nil when any id will do.
    package let choices: Set<CedarText>?
    /// All types an ancestor may have, at any distance; itself only when the schema says so.
    package let ancestors: Set<CedarName>
}

/// What a schema says of one action.
package struct CedarAction: Sendable {
    package let uid: EntityUID
    /// The groups it is in, at any distance.
    package let ancestors: Set<EntityUID>
    /// Empty when the action is only a group.
    package let principals: [CedarName]
    /// Empty when the action is only a group.
    package let resources: [CedarName]
    package let context: CedarRecordType
}

/// A schema whose names are all resolved.
package struct CedarSchema: Sendable {
    package let entityTypes: [CedarName: CedarEntityType]
    package let actions: [EntityUID: CedarAction]
    /// The actions as they were written, one after the other; checks go through them in this order.
    package let actionOrder: [EntityUID]
    /// What is allowed and yet a mistake: attributes stated twice in one record.
    package let remarks: [CedarError]
    /// For each type of actions the types of the actions above them.
    let actionTypeAncestors: [CedarName: Set<CedarName>]

    /// Reads a schema in Cedar's syntax (language 4.5).
    ///
    /// Throws `.syntax` and `.schema` with the position of the first mistake, `.limit` beyond `SchemaLimits`.
    package init(parsing text: String) throws(CedarError) {
        var resolver = try SchemaResolver(try SchemaParser.parse(text))
        self = try resolver.resolve()
    }

    init(entityTypes: [CedarEntityType], actions: [CedarAction], remarks: [CedarError]) {
        self.entityTypes = Dictionary(entityTypes.map { ($0.name, $0) }) { first, _ in first }
        self.actions = Dictionary(actions.map { ($0.uid, $0) }) { first, _ in first }
        actionOrder = actions.map(\.uid)
        self.remarks = remarks
        actionTypeAncestors = actions.reduce(into: [:]) { types, action in
            types[action.uid.type, default: []].formUnion(action.ancestors.map(\.type))
        }
    }
}

// MARK: - What readers of JSON ask

extension CedarSchema {
    /// The type of an attribute; nil when entities of this type have no such attribute or the type is unknown.
    package func attributeType(of entityType: CedarName, _ key: CedarText) -> CedarType? {
        entityTypes[entityType]?.attributes[key]?.type
    }

    /// The type of the tags of an entity type; nil when it has none or is unknown.
    package func tagType(of entityType: CedarName) -> CedarType? { entityTypes[entityType]?.tags }

    /// The type of the context of an action; nil when the action is unknown.
    package func contextType(of action: EntityUID) -> CedarRecordType? { actions[action]?.context }

    /// Whether the type is declared, or one of actions.
    package func knows(_ entityType: CedarName) -> Bool {
        entityTypes[entityType] != nil || entityType.isAction
    }

    /// The entities together with the actions of this schema they leave out.
    ///
    /// Without them no `action in …` about a group could be true.
    package func completing(_ entities: [CedarEntity]) -> [CedarEntity] {
        let stated = Set(entities.map(\.uid))
        let missing = actionOrder.filter { !stated.contains($0) }.compactMap { actions[$0] }
        return entities + missing.map { CedarEntity(uid: $0.uid, parents: $0.ancestors) }
    }
}

// MARK: - What the validator asks

extension CedarSchema {
    /// Whether `left in right` can be true of entities of these types.
    func mayBeIn(_ left: CedarName, _ right: CedarName) -> Bool {
        left == right || entityTypes[left]?.ancestors.contains(right) == true
            || actionTypeAncestors[left]?.contains(right) == true
    }

    /// Whether the entity may exist: its type is declared and lists its id if it lists any; actions are declared.
    func mayExist(_ uid: EntityUID) -> Bool {
        if uid.type.isAction { return actions[uid] != nil }
        guard let type = entityTypes[uid.type] else { return false }
        return type.choices?.contains(uid.id) ?? true
    }
}
