// SPDX-License-Identifier: EUPL-1.2
// Torhaus: writes expressions as policy JSON.

extension CedarExpression {
    /// The expression in the official JSON form.
    ///
    /// Chains become nested pairs, and `has a.b` becomes `has a && …`, as the official engine writes them.
    /// The latter repeats what stands left of `has`: `jsonNodes` says how large that gets.
    package var json: CedarJSON {
        switch kind {
        case .literal(let value): return ["Value": value.json]
        case .variable(let variable): return ["Var": .string(CedarText(variable.rawValue))]
        case .conditional(let test, let then, else: let otherwise):
            return ["if-then-else": ["if": test.json, "then": then.json, "else": otherwise.json]]
        case .and(let all): return Self.chain("&&", all.map(\.json))
        case .or(let all): return Self.chain("||", all.map(\.json))
        case .not(let one): return ["!": ["arg": one.json]]
        case .negate(let one): return ["neg": ["arg": one.json]]
        case .isEmpty(let one): return ["isEmpty": ["arg": one.json]]
        case .binary(let operation, let left, let right):
            return Self.pair(CedarText(operation.rawValue), left.json, right.json)
        case .getAttribute(let one, let name): return [".": ["left": one.json, "attr": .string(name)]]
        case .hasAttribute(let one, let path): return Self.has(one.json, path)
        case .like(let one, let pattern): return ["like": ["left": one.json, "pattern": pattern.json]]
        case .isType(let one, let type, in: let group):
            let name = CedarJSON.string(type.text)
            guard let group else { return ["is": ["left": one.json, "entity_type": name]] }
            return ["is": ["left": one.json, "entity_type": name, "in": group.json]]
        case .set(let elements): return ["Set": .array(elements.map(\.json))]
        case .record(let fields):
            return ["Record": .object(fields.map { CedarJSON.Member($0.key, $0.value.json) })]
        case .call(let function, let arguments):
            return .object([CedarJSON.Member(CedarText(function.rawValue), .array(arguments.map(\.json)))])
        }
    }

    private static func pair(_ name: CedarText, _ left: CedarJSON, _ right: CedarJSON) -> CedarJSON {
        .object([CedarJSON.Member(name, ["left": left, "right": right])])
    }

    private static func chain(_ name: CedarText, _ all: [CedarJSON]) -> CedarJSON {
        guard let first = all.first else { return .null }
        return all.dropFirst().reduce(first) { pair(name, $0, $1) }
    }

    private static func has(_ receiver: CedarJSON, _ path: [CedarText]) -> CedarJSON {
        var current = receiver
        var tests: [CedarJSON] = []
        for name in path {
            tests.append(["has": ["left": current, "attr": .string(name)]])
            current = [".": ["left": current, "attr": .string(name)]]
        }
        return chain("&&", tests)
    }
}

extension CedarPattern {
    /// One piece per scalar, as the official engine writes it.
    fileprivate var json: CedarJSON {
        .array(
            elements.map { element in
                switch element {
                case .wildcard: "Wildcard"
                case .scalar(let scalar): ["Literal": .string(CedarText(String(scalar)))]
                }
            }
        )
    }
}

extension CedarValue {
    /// The value in the JSON of entities and contexts, escapes included.
    package var json: CedarJSON {
        switch self {
        case .bool(let value): .bool(value)
        case .long(let value): .integer(value)
        case .string(let text): .string(text)
        case .entity(let uid): ["__entity": uid.json]
        case .set(let set): .array(set.elements.map(\.json))
        case .record(let record): .object(record.entries.map { CedarJSON.Member($0.key, $0.value.json) })
        case .decimal(let value): Self.call("decimal", value.description)
        case .ip(let value): Self.call("ip", value.description)
        case .datetime(let value): value.json
        case .duration(let value): Self.call("duration", value.description)
        }
    }

    fileprivate static func call(_ name: CedarJSON, _ argument: String) -> CedarJSON {
        ["__extn": ["fn": name, "arg": .string(CedarText(argument))]]
    }
}

extension CedarDatetime {
    /// As a date, or for moments that no date can say as an offset from 1970.
    fileprivate var json: CedarJSON {
        let text = description
        if CedarDatetime(text) == self { return CedarValue.call("datetime", text) }
        let span = CedarDuration(milliseconds: milliseconds)
        return [
            "__extn": [
                "fn": "offset",
                "args": [
                    CedarValue.call("datetime", "1970-01-01"),
                    CedarValue.call("duration", span.description),
                ],
            ]
        ]
    }
}

extension CedarJSON: ExpressibleByArrayLiteral {
    package init(arrayLiteral elements: CedarJSON...) { self = .array(elements) }
}
