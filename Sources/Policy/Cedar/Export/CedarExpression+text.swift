// SPDX-License-Identifier: EUPL-1.2
// Torhaus: writes expressions as Cedar.

/// How tightly an expression binds; a part that binds looser than its place allows gets parentheses.
private enum Binding: Int, Comparable {
    case conditional
    case or
    case and
    case relation
    case sum
    case product
    case unary
    case member

    static func < (left: Binding, right: Binding) -> Bool { left.rawValue < right.rawValue }
}

extension CedarExpression {
    /// The expression as Cedar on one line; reading it gives the same tree again.
    package var text: String { text(.conditional) }

    private func text(_ least: Binding) -> String {
        let (text, binding) = written
        return binding < least ? "(\(text))" : text
    }

    private var written: (String, Binding) {
        switch kind {
        case .literal(let value): return (value.text, value.isNegative ? .unary : .member)
        case .variable(let variable): return (variable.rawValue, .member)
        case .conditional(let test, let then, else: let otherwise):
            return ("if \(test.text) then \(then.text) else \(otherwise.text)", .conditional)
        case .or(let all): return (all.map { $0.text(.and) }.joined(separator: " || "), .or)
        case .and(let all): return (all.map { $0.text(.relation) }.joined(separator: " && "), .and)
        case .not(let one): return ("!\(one.text(.member))", .unary)
        case .negate(let one):
            // A number right after the dash would become part of the literal.
            if case .literal = one.kind { return ("-(\(one.text))", .unary) }
            return ("-\(one.text(.member))", .unary)
        case .isEmpty(let one): return ("\(one.text(.member)).isEmpty()", .member)
        case .binary(let operation, let left, let right): return Self.binary(operation, left, right)
        case .getAttribute(let one, let name):
            let isName = CedarCharacters.isName(name.utf8)
            return (
                one.text(.member) + (isName ? ".\(name)" : "[\(CedarEscaping.quoted(name.string))]"), .member
            )
        case .hasAttribute(let one, let path):
            return ("\(one.text(.sum)) has \(path.map(\.key).joined(separator: "."))", .relation)
        case .like(let one, let pattern): return ("\(one.text(.sum)) like \(pattern.text)", .relation)
        case .isType(let one, let type, in: let group):
            let rest = group.map { " in \($0.text(.sum))" } ?? ""
            return ("\(one.text(.sum)) is \(type)\(rest)", .relation)
        case .set(let elements): return ("[\(Self.list(elements))]", .member)
        case .record(let fields):
            let written = fields.map { "\($0.key.key): \($0.value.text)" }
            return ("{\(written.joined(separator: ", "))}", .member)
        case .call(let function, let arguments): return (Self.call(function, arguments), .member)
        }
    }

    private static func binary(
        _ operation: CedarOperator,
        _ left: CedarExpression,
        _ right: CedarExpression
    ) -> (String, Binding) {
        let sign = operation.rawValue
        switch operation {
        case .add, .subtract: return ("\(left.text(.sum)) \(sign) \(right.text(.product))", .sum)
        case .multiply: return ("\(left.text(.product)) \(sign) \(right.text(.unary))", .product)
        case .contains, .containsAll, .containsAny, .hasTag, .getTag:
            return ("\(left.text(.member)).\(sign)(\(right.text))", .member)
        default: return ("\(left.text(.sum)) \(sign) \(right.text(.sum))", .relation)
        }
    }

    private static func call(_ function: CedarFunction, _ arguments: [CedarExpression]) -> String {
        guard !function.isConstructor, let receiver = arguments.first else {
            return "\(function.rawValue)(\(list(arguments)))"
        }
        return "\(receiver.text(.member)).\(function.rawValue)(\(list(Array(arguments.dropFirst()))))"
    }

    private static func list(_ expressions: [CedarExpression]) -> String {
        expressions.map(\.text).joined(separator: ", ")
    }
}

extension CedarText {
    /// As a key of a record or right of `has`.
    fileprivate var key: String {
        CedarCharacters.isName(utf8) ? string : CedarEscaping.quoted(string)
    }
}

extension CedarPattern {
    /// The pattern with quotation marks.
    package var text: String {
        var result = ""
        for element in elements {
            switch element {
            case .wildcard: result += "*"
            case .scalar("*"): result += "\\*"
            case .scalar(let scalar): CedarEscaping.append(scalar, to: &result)
            }
        }
        return "\"\(result)\""
    }
}

extension CedarValue {
    /// The value as a Cedar expression.
    package var text: String {
        switch self {
        case .bool(let value): value ? "true" : "false"
        case .long(let value): String(value)
        case .string(let text): CedarEscaping.quoted(text.string)
        case .entity(let uid): uid.description
        case .set(let set): "[\(set.elements.map(\.text).joined(separator: ", "))]"
        case .record(let record):
            "{\(record.entries.map { "\($0.key.key): \($0.value.text)" }.joined(separator: ", "))}"
        case .decimal(let value): "decimal(\"\(value)\")"
        case .ip(let value): "ip(\"\(value)\")"
        case .datetime(let value): value.expression
        case .duration(let value): "duration(\"\(value)\")"
        }
    }

    fileprivate var isNegative: Bool {
        guard case .long(let value) = self else { return false }
        return value < 0
    }
}

extension CedarDatetime {
    /// As a date, or for moments that no date can say as an offset from 1970.
    fileprivate var expression: String {
        if CedarDatetime(description) == self { return "datetime(\"\(description)\")" }
        return "datetime(\"1970-01-01\").offset(duration(\"\(CedarDuration(milliseconds: milliseconds))\"))"
    }
}
