// SPDX-License-Identifier: EUPL-1.2
// Torhaus: compares values with the types a schema states.

/// Whether values are what a schema says they are.
struct ValueConformance {
    /// A difference between a record and its type.
    struct Problem {
        let kind: ValidationFinding.Kind
        let message: String
    }

    let schema: CedarSchema

    /// The first difference in each attribute; `what` names the record in messages.
    func problems(of record: CedarRecord, _ type: CedarRecordType, _ what: String) -> [Problem] {
        var problems: [Problem] = []
        for attribute in type.attributes where attribute.isRequired && record[attribute.key] == nil {
            let name = CedarEscaping.quoted(attribute.key.string)
            problems.append(Problem(kind: .missingAttribute, message: "\(what) lacks \(name)"))
        }
        for entry in record.entries {
            let name = "\(CedarEscaping.quoted(entry.key.string)) of \(what)"
            guard let attribute = type[entry.key] else {
                problems.append(Problem(kind: .unknownAttribute, message: "\(name) is not in the schema"))
                continue
            }
            if let problem = problem(of: entry.value, attribute.type, name) { problems.append(problem) }
        }
        return problems
    }

    /// The first difference between a value and its type; nil when there is none.
    func problem(of value: CedarValue, _ type: CedarType, _ what: String) -> Problem? {
        switch (value, type) {
        case (.bool, .bool), (.bool(true), .isTrue), (.bool(false), .isFalse), (.long, .long),
            (.string, .string), (.decimal, .decimal), (.ip, .ip), (.datetime, .datetime),
            (.duration, .duration):
            return nil
        case (.entity(let uid), .entity(let name)) where uid.type == name:
            if schema.mayExist(uid) { return nil }
            let reason =
                uid.type.isAction ? "is no action of the schema" : "is none of the ids its type lists"
            return Problem(kind: .unknownChoice, message: "\(uid) in \(what) \(reason)")
        case (.set(let set), .set(let element)):
            return set.elements.lazy.compactMap { problem(of: $0, element, what) }.first
        case (.record(let record), .record(let type)):
            return problems(of: record, type, what).first
        case (.entity(let uid), _):
            return Problem(kind: .wrongValue, message: "\(what) should be \(type), but is \(uid)")
        default:
            return Problem(kind: .wrongValue, message: "\(what) should be \(type), but is \(value.typeName)")
        }
    }
}
