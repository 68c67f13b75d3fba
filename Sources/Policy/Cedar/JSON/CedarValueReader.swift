// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads values of Cedar from JSON.

/// Makes values of JSON.
///
/// Where a schema says what is expected, entities and extension values may be written without their escapes.
/// Whether the value has the expected type is the validator's question, not this reader's.
package enum CedarValueReader {
    private static let entityKey: CedarText = "__entity"
    private static let extensionKey: CedarText = "__extn"
    private static let expressionKey: CedarText = "__expr"

    /// Throws `.entities` for what is no value of Cedar.
    package static func value(
        _ json: CedarJSON,
        expected: CedarType? = nil
    ) throws(CedarError) -> CedarValue {
        if let expected, let value = try implicit(json, expected) { return value }
        switch json {
        case .null, .otherNumber: throw CedarError(.entities, "\(json.kind) is no value of Cedar")
        case .bool(let value): return .bool(value)
        case .integer(let value): return .long(value)
        case .string(let text): return .string(text)
        case .array(let elements):
            var element: CedarType?
            if case .set(let type)? = expected { element = type }
            var values: [CedarValue] = []
            for json in elements { values.append(try value(json, expected: element)) }
            return .set(CedarSet(values))
        case .object(let members):
            if let escaped = try escape(members) { return escaped }
            var type: CedarRecordType?
            if case .record(let record)? = expected { type = record }
            return .record(try record(json, expected: type))
        }
    }

    /// Reads an object as a record: attributes, tags, contexts.
    package static func record(
        _ json: CedarJSON,
        expected: CedarRecordType? = nil
    ) throws(CedarError) -> CedarRecord {
        guard let members = json.members else {
            throw CedarError(.entities, "expected an object, found \(json.kind)")
        }
        var entries: [CedarRecord.Entry] = []
        for member in members {
            let type = expected?[member.key]?.type
            entries.append(CedarRecord.Entry(member.key, try value(member.value, expected: type)))
        }
        guard let record = CedarRecord(entries) else { throw CedarError(.entities, "a key stands twice") }
        return record
    }

    /// Reads `{"type", "id"}`, also inside of `{"__entity": …}`.
    package static func uid(_ json: CedarJSON) throws(CedarError) -> EntityUID {
        if let inner = json[entityKey], json.members?.count == 1 { return try plainUID(inner) }
        return try plainUID(json)
    }

    private static func plainUID(_ json: CedarJSON) throws(CedarError) -> EntityUID {
        guard let type = json["type"]?.string, let id = json["id"]?.string else {
            throw CedarError(.entities, "an entity is written {\"type\": …, \"id\": …}")
        }
        guard let name = CedarName(type.string) else {
            throw CedarError(.entities, "\(CedarEscaping.quoted(type.string)) is no name of a type")
        }
        return EntityUID(type: name, id: id)
    }

    // MARK: Escapes

    /// What a schema allows to be written without escape; nil when it is not written so.
    private static func implicit(
        _ json: CedarJSON,
        _ expected: CedarType
    ) throws(CedarError) -> CedarValue? {
        if case .entity = expected {
            guard json.members != nil, json[extensionKey] == nil, json[expressionKey] == nil else {
                return nil
            }
            return .entity(try uid(json))
        }
        guard let constructor = constructor(of: expected) else { return nil }
        if case .string(let text) = json { return try constructor.construct(text) }
        if json["fn"] != nil { return try call(json) }
        return nil
    }

    private static func constructor(of type: CedarType) -> CedarFunction? {
        switch type {
        case .decimal: .decimal
        case .ip: .ip
        case .datetime: .datetime
        case .duration: .duration
        default: nil
        }
    }

    private static func escape(_ members: [CedarJSON.Member]) throws(CedarError) -> CedarValue? {
        let known = [entityKey, extensionKey, expressionKey]
        guard let member = members.first(where: { known.contains($0.key) }) else { return nil }
        guard members.count == 1, member.key != expressionKey else {
            throw CedarError(.entities, "\(member.key) cannot be used so")
        }
        return member.key == entityKey ? .entity(try plainUID(member.value)) : try call(member.value)
    }

    /// `{"fn", "arg"}` or `{"fn", "args"}`; arguments may be calls again.
    private static func call(_ json: CedarJSON) throws(CedarError) -> CedarValue {
        guard let name = json["fn"]?.string, let function = CedarFunction(rawValue: name.string) else {
            throw CedarError(.entities, "a function is written {\"fn\": …, \"arg\": …}")
        }
        let written: [CedarJSON]
        switch (json["arg"], json["args"]) {
        case (let argument?, nil): written = [argument]
        case (nil, .array(let arguments)?): written = arguments
        default: throw CedarError(.entities, "\(name) wants arg or args")
        }
        var arguments: [CedarValue] = []
        for argument in written { arguments.append(try value(argument)) }
        return try function.apply(arguments)
    }
}
