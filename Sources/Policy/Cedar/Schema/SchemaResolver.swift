// SPDX-License-Identifier: EUPL-1.2
// Torhaus: finds what the names of a schema stand for.

/// Turns declarations into a schema: collects what is declared, then resolves every name.
///
/// A name without a namespace is looked for in its own namespace, then outside all, then among what
/// Cedar defines; at each place a common type goes before an entity type.
struct SchemaResolver {
    private enum CommonType {
        case written(SchemaTypeSyntax, SchemaNamespaceSyntax)
        case underWay
        case resolved(SchemaResolvedType)
    }

    private let namespaces: [SchemaNamespaceSyntax]
    private let remarks: [CedarError]
    private var commonTypes: [CedarName: CommonType] = [:]
    private var entityNames: Set<CedarName> = []
    private var actionIDs: Set<EntityUID> = []

    /// Throws `.schema` on names declared twice and on names that hide one outside all namespaces.
    init(_ syntax: SchemaSyntax) throws(CedarError) {
        namespaces = syntax.namespaces
        remarks = syntax.remarks
        for namespace in namespaces {
            try collect(namespace)
        }
        for namespace in namespaces where namespace.name != nil {
            try forbidHiding(namespace)
        }
    }

    /// Throws `.schema` on names that stand for nothing and on cycles.
    mutating func resolve() throws(CedarError) -> CedarSchema {
        for namespace in namespaces {
            for declared in namespace.types {
                _ = try commonType(namespace.qualified(declared.name.text), at: declared.name.position, 0)
            }
        }
        var entityTypes: [SchemaEntityDraft] = []
        var actions: [SchemaActionDraft] = []
        for namespace in namespaces {
            for declared in namespace.entities {
                entityTypes += try entities(declared, in: namespace)
            }
            for declared in namespace.actions {
                actions += try self.actions(declared, in: namespace)
            }
        }
        let environments = actions.reduce(0) { $0 + $1.principals.count * $1.resources.count }
        try bound(
            environments,
            SchemaLimits.environments,
            "combinations of action, principal and resource type"
        )
        return CedarSchema(
            entityTypes: SchemaHierarchy.close(entityTypes),
            actions: try SchemaHierarchy.close(actions),
            remarks: remarks
        )
    }
}

// MARK: - Collecting

extension SchemaResolver {
    private mutating func collect(_ namespace: SchemaNamespaceSyntax) throws(CedarError) {
        for declared in namespace.types {
            let name = namespace.qualified(declared.name.text)
            if commonTypes.updateValue(.written(declared.type, namespace), forKey: name) != nil {
                throw twice("the type `\(name)`", at: declared.name.position)
            }
        }
        for declared in namespace.entities {
            for word in declared.names {
                let name = namespace.qualified(word.text)
                if name.isAction {
                    let detail = "an entity type cannot be called `Action`, that is the type of actions"
                    throw CedarError(.schema, detail, at: word.position)
                }
                if !entityNames.insert(name).inserted {
                    throw twice("the entity type `\(name)`", at: word.position)
                }
            }
        }
        for declared in namespace.actions {
            for name in declared.names {
                let uid = EntityUID(type: namespace.actionType, id: CedarText(name.text))
                if !actionIDs.insert(uid).inserted { throw twice("the action \(uid)", at: name.position) }
            }
        }
        try bound(entityNames.count, SchemaLimits.types, "entity types")
        try bound(commonTypes.count, SchemaLimits.types, "types")
        try bound(actionIDs.count, SchemaLimits.actions, "actions")
    }

    /// Names of a namespace may not be the same as names outside all, or a reader could not tell them apart.
    private func forbidHiding(_ namespace: SchemaNamespaceSyntax) throws(CedarError) {
        let words = namespace.types.map(\.name) + namespace.entities.flatMap(\.names)
        for word in words {
            let outside = CedarName(checked: CedarText(word.text))
            if commonTypes[outside] != nil || entityNames.contains(outside) {
                throw hiding("`\(namespace.qualified(word.text))`", "`\(outside)`", at: word.position)
            }
        }
        for word in namespace.actions.flatMap(\.names) {
            let id = CedarText(word.text)
            let outside = EntityUID(type: CedarName(checked: "Action"), id: id)
            if actionIDs.contains(outside) {
                let hidden = EntityUID(type: namespace.actionType, id: id)
                throw hiding("\(hidden)", "\(outside)", at: word.position)
            }
        }
    }

    private func bound(_ count: Int, _ limit: Int, _ what: String) throws(CedarError) {
        if limit < count { throw CedarError(.limit, "the schema has more than \(limit) \(what)") }
    }

    private func twice(_ what: String, at position: SourcePosition) -> CedarError {
        CedarError(.schema, "\(what) is declared twice", at: position)
    }

    private func hiding(_ new: String, _ old: String, at position: SourcePosition) -> CedarError {
        CedarError(.schema, "\(new) hides \(old), which is declared outside all namespaces", at: position)
    }
}

// MARK: - Types

extension SchemaResolver {
    private mutating func type(
        _ syntax: SchemaTypeSyntax,
        in namespace: SchemaNamespaceSyntax,
        _ aliases: Int = 0
    ) throws(CedarError) -> SchemaResolvedType {
        switch syntax.kind {
        case .name(let path):
            return try named(path, in: namespace, aliases)
        case .set(let element):
            let inner = try type(element, in: namespace, aliases)
            return try SchemaResolvedType(.set(inner.type), over: [inner], at: syntax.position)
        case .record(let attributes):
            var inner: [SchemaResolvedType] = []
            let record = try recordType(attributes, in: namespace, aliases, &inner)
            return try SchemaResolvedType(.record(record), over: inner, at: syntax.position)
        }
    }

    private mutating func recordType(
        _ attributes: [SchemaAttributeSyntax],
        in namespace: SchemaNamespaceSyntax,
        _ aliases: Int,
        _ inner: inout [SchemaResolvedType]
    ) throws(CedarError) -> CedarRecordType {
        var resolved: [CedarRecordType.Attribute] = []
        for attribute in attributes {
            let part = try type(attribute.type, in: namespace, aliases)
            inner.append(part)
            resolved.append(.init(attribute.key, part.type, isRequired: attribute.isRequired))
        }
        return CedarRecordType(resolved)
    }

    private mutating func named(
        _ path: SchemaPath,
        in namespace: SchemaNamespaceSyntax,
        _ aliases: Int
    ) throws(CedarError) -> SchemaResolvedType {
        for name in candidates(path, in: namespace) {
            if commonTypes[name] != nil { return try commonType(name, at: path.position, aliases) }
            if entityNames.contains(name) || isActionType(name) { return SchemaResolvedType(.entity(name)) }
        }
        let parts = path.name.components
        if parts.count == 1
            || parts.count == 2 && parts.first.map(String.init) == SchemaWords.builtinNamespace,
            let builtin = SchemaWords.builtin(path.name.basename)
        {
            return SchemaResolvedType(builtin)
        }
        throw unknown("type", path)
    }

    private mutating func commonType(
        _ name: CedarName,
        at position: SourcePosition,
        _ aliases: Int
    ) throws(CedarError) -> SchemaResolvedType {
        switch commonTypes[name] {
        case .resolved(let type): return type
        case .written(let syntax, let namespace):
            if SchemaLimits.aliases < aliases {
                let detail = "more than \(SchemaLimits.aliases) types lead to one another"
                throw CedarError(.limit, detail, at: position)
            }
            commonTypes[name] = .underWay
            let type = try type(syntax, in: namespace, aliases + 1)
            commonTypes[name] = .resolved(type)
            return type
        case .underWay, nil:
            throw CedarError(.schema, "the type `\(name)` is defined by itself", at: position)
        }
    }

    private func candidates(_ path: SchemaPath, in namespace: SchemaNamespaceSyntax) -> [CedarName] {
        guard path.isSimple, namespace.name != nil else { return [path.name] }
        return [namespace.qualified(path.name.text.string), path.name]
    }

    /// Actions have a type as soon as there is one of them in the namespace.
    private func isActionType(_ name: CedarName) -> Bool {
        name.isAction && namespaces.contains { !$0.actions.isEmpty && $0.actionType == name }
    }

    private func unknown(_ kind: String, _ path: SchemaPath) -> CedarError {
        CedarError(.schema, "there is no \(kind) `\(path.name)`", at: path.position)
    }
}

// MARK: - Declarations

extension SchemaResolver {
    private mutating func entities(
        _ declared: SchemaEntitySyntax,
        in namespace: SchemaNamespaceSyntax
    ) throws(CedarError) -> [SchemaEntityDraft] {
        var draft = SchemaEntityDraft()
        switch declared.shape {
        case .choices(let choices):
            draft.choices = Set(choices)
        case .standard(let parents, let attributes, let tags):
            draft.parents = try entityTypes(parents, in: namespace)
            var inner: [SchemaResolvedType] = []
            draft.attributes = try recordType(attributes, in: namespace, 0, &inner)
            if let tags { draft.tags = try type(tags, in: namespace).type }
        }
        return declared.names.map { name in
            var copy = draft
            copy.name = namespace.qualified(name.text)
            return copy
        }
    }

    private mutating func actions(
        _ declared: SchemaActionSyntax,
        in namespace: SchemaNamespaceSyntax
    ) throws(CedarError) -> [SchemaActionDraft] {
        var groups: [EntityUID] = []
        for group in declared.groups { groups.append(try action(group, in: namespace)) }
        var principals: [CedarName] = []
        var resources: [CedarName] = []
        var context = CedarRecordType.empty
        if let appliesTo = declared.appliesTo {
            principals = try entityTypes(appliesTo.principals, in: namespace)
            resources = try entityTypes(appliesTo.resources, in: namespace)
            if let syntax = appliesTo.context { context = try contextType(syntax, in: namespace) }
        }
        return declared.names.map { name in
            SchemaActionDraft(
                uid: EntityUID(type: namespace.actionType, id: CedarText(name.text)),
                groups: groups,
                principals: principals,
                resources: resources,
                context: context,
                position: name.position
            )
        }
    }

    private mutating func contextType(
        _ syntax: SchemaTypeSyntax,
        in namespace: SchemaNamespaceSyntax
    ) throws(CedarError) -> CedarRecordType {
        guard case .record(let record) = try type(syntax, in: namespace).type else {
            throw CedarError(.schema, "the context must be a record", at: syntax.position)
        }
        return record
    }

    /// Each once, in the order written.
    private func entityTypes(
        _ paths: [SchemaPath],
        in namespace: SchemaNamespaceSyntax
    ) throws(CedarError) -> [CedarName] {
        var names: [CedarName] = []
        var seen: Set<CedarName> = []
        for path in paths {
            guard let name = candidates(path, in: namespace).first(where: entityNames.contains) else {
                throw unknown("entity type", path)
            }
            if seen.insert(name).inserted { names.append(name) }
        }
        return names
    }

    private func action(
        _ reference: SchemaActionReference,
        in namespace: SchemaNamespaceSyntax
    ) throws(CedarError) -> EntityUID {
        let type = reference.type ?? CedarName(checked: "Action")
        let path = SchemaPath(name: type, position: reference.position)
        let found = candidates(path, in: namespace).lazy
            .map { EntityUID(type: $0, id: reference.id) }
            .first(where: actionIDs.contains)
        guard let found else {
            let missing = EntityUID(type: type, id: reference.id)
            throw CedarError(.schema, "there is no action \(missing)", at: reference.position)
        }
        return found
    }
}
