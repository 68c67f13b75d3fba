// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tells whether two expressions are the same apart from where they stand.

/// An expression in a form that can be compared: without positions, with shorthand written out.
///
/// `a != b` is the same as `!(a == b)`, and the order of a record's fields does not count.
struct ExpressionKey: Hashable {
    private let bytes: [UInt8]

    init(_ expression: CedarExpression) {
        var writer = ExpressionKeyWriter()
        writer.write(expression)
        bytes = writer.bytes
    }

    /// `receiver.attribute`.
    init(_ receiver: ExpressionKey, _ attribute: CedarText) {
        var writer = ExpressionKeyWriter()
        writer.text(".", attribute)
        bytes = writer.bytes + receiver.bytes
    }
}

/// Writes nodes before their operands; each node says how many it has.
private struct ExpressionKeyWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ expression: CedarExpression) {
        switch expression.kind {
        case .literal(let value): literal(value)
        case .variable(let variable): tag(variable.rawValue)
        case .conditional(let test, let then, let otherwise): node("if", [test, then, otherwise])
        case .and(let all): chain("&&", all)
        case .or(let all): chain("||", all)
        case .not(let one): node("!", [one])
        case .negate(let one): node("neg", [one])
        case .isEmpty(let one): node("isEmpty", [one])
        case .binary(let op, let left, let right): binary(op, left, right)
        case .getAttribute(let one, let key):
            text(".", key)
            write(one)
        case .hasAttribute(let one, let path):
            tag("has\(path.count)")
            for key in path { text("k", key) }
            write(one)
        case .like(let one, let pattern):
            tag("like")
            for element in pattern.elements {
                switch element {
                case .wildcard: tag("*")
                case .scalar(let scalar): text("c", CedarText(String(scalar)))
                }
            }
            tag("of")
            write(one)
        case .isType(let one, let name, in: let other):
            if other != nil { tag("&&") }
            text("is", name.text)
            write(one)
            if let other { node("in", [one, other]) }
        case .set(let all): node("[\(all.count)]", all)
        case .record(let fields):
            tag("{\(fields.count)}")
            for field in fields.sorted(by: { $0.key < $1.key }) {
                text("k", field.key)
                write(field.value)
            }
        case .call(let function, let arguments):
            node("\(function.rawValue)(\(arguments.count))", arguments)
        }
    }

    mutating func text(_ word: String, _ text: CedarText) {
        tag(word)
        // The length in front keeps neighbouring texts apart.
        tag(String(text.utf8.count))
        bytes += text.utf8
    }

    private mutating func tag(_ word: String) {
        bytes += word.utf8
        bytes.append(0)
    }

    private mutating func node(_ word: String, _ operands: [CedarExpression]) {
        tag(word)
        for operand in operands { write(operand) }
    }

    /// Chains group from the left, so `(a && b) && c` is the same as `a && b && c`.
    private mutating func chain(_ word: String, _ operands: [CedarExpression]) {
        for _ in operands.dropFirst() { tag(word) }
        for operand in operands { write(operand) }
    }

    private mutating func binary(_ op: CedarOperator, _ left: CedarExpression, _ right: CedarExpression) {
        switch op {
        case .notEqual:
            tag("!")
            node("==", [left, right])
        case .greater:
            tag("!")
            node("<=", [left, right])
        case .greaterOrEqual:
            tag("!")
            node("<", [left, right])
        default: node(op.rawValue, [left, right])
        }
    }

    private mutating func literal(_ value: CedarValue) {
        switch value {
        case .bool(let bool): tag(bool ? "true" : "false")
        case .long(let number): text("n", CedarText(String(number)))
        case .string(let string): text("s", string)
        case .entity(let uid):
            text("t", uid.type.text)
            text("e", uid.id)
        // The parser makes no other literals; they would only be taken for different.
        default: text("v", CedarText("\(value)"))
        }
    }
}
