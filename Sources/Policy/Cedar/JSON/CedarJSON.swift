// SPDX-License-Identifier: EUPL-1.2
// Torhaus: JSON as Cedar's data are written in it.

/// A JSON value; numbers that are no 64-bit integers are told apart from those that are.
package indirect enum CedarJSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// A number with fraction or exponent, `-0`, or too large; kept as written.
    case otherNumber(String)
    case string(CedarText)
    case array([CedarJSON])
    /// Keys are distinct; order as written.
    case object([Member])

    package struct Member: Hashable, Sendable {
        package let key: CedarText
        package let value: CedarJSON

        package init(_ key: CedarText, _ value: CedarJSON) {
            self.key = key
            self.value = value
        }
    }

    /// What it is, for messages.
    package var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "a number"
        case .otherNumber: "a number that is no 64-bit integer"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    /// The member of an object; nil when it is none or has no such member.
    package subscript(key: CedarText) -> CedarJSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    package var string: CedarText? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    package var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    package var array: [CedarJSON]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    package var members: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }
}

extension CedarJSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral {
    package init(stringLiteral value: String) { self = .string(CedarText(value)) }

    package init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension CedarJSON: ExpressibleByDictionaryLiteral {
    /// The caller sees to it that the keys are distinct.
    package init(dictionaryLiteral elements: (CedarText, CedarJSON)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
}
