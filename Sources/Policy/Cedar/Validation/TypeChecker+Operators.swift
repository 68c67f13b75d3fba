// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the type checker: operators and methods with two operands.

extension TypeChecker {
    mutating func binary(
        _ expression: CedarExpression,
        _ op: CedarOperator,
        _ left: CedarExpression,
        _ right: CedarExpression,
        _ prior: Capabilities
    ) -> Typing {
        switch op {
        case .equal:
            return equality(expression, left, right, prior)
        case .notEqual:
            let equal = equality(expression, left, right, prior)
            return Typing(Self.opposite(of: equal.type)).given(equal.isSound)
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            return comparison(left, right, prior)
        case .add, .subtract, .multiply:
            return arithmetic(op, left, right, prior)
        case .isIn:
            return membership(left, right, prior)
        case .contains:
            return contains(expression, left, right, prior)
        case .containsAll, .containsAny:
            let one = expectSet(left, prior)
            let other = expect(.set, right, prior) { _ in "`contains` looks for a single element" }
            let meets = requireCommon(one.type, other.type, "this compares", at: expression.position)
            return Typing(.bool).given(one.isSound && other.isSound && meets)
        case .hasTag:
            return hasTag(left, right, prior)
        case .getTag:
            return getTag(expression, left, right, prior)
        }
    }

    private static func opposite(of type: CedarType?) -> CedarType {
        switch type {
        case .isTrue: .isFalse
        case .isFalse: .isTrue
        default: .bool
        }
    }

    private mutating func equality(
        _ expression: CedarExpression,
        _ left: CedarExpression,
        _ right: CedarExpression,
        _ prior: Capabilities
    ) -> Typing {
        let one = check(left, prior)
        let other = check(right, prior)
        let isSound = one.isSound && other.isSound
        if case .entity(let first) = one.type, case .entity(let second) = other.type, first != second {
            return Typing(.isFalse).given(isSound)
        }
        if let first = literalValue(left), let second = literalValue(right) {
            return Typing(first == second ? .isTrue : .isFalse).given(isSound)
        }
        let meets = requireCommon(one.type, other.type, "this compares", at: expression.position)
        return Typing(.bool).given(isSound && meets)
    }

    /// The value of a literal; `action` counts as one, it is known here.
    private func literalValue(_ expression: CedarExpression) -> CedarValue? {
        switch expression.kind {
        case .literal(let value): value
        case .variable(.action): .entity(environment.action.uid)
        default: nil
        }
    }

    private mutating func comparison(
        _ left: CedarExpression,
        _ right: CedarExpression,
        _ prior: Capabilities
    ) -> Typing {
        let one = check(left, prior)
        let other = check(right, prior)
        guard let first = one.type, let second = other.type else { return .unsound(.bool) }
        switch (first.isOrdered, second.isOrdered) {
        case (true, true) where first == second:
            return Typing(.bool).given(one.isSound && other.isSound)
        case (true, true) where second == .long, (false, true):
            reportOrder(first, wanted: "\(second)", at: left.position)
        case (true, true), (true, false):
            reportOrder(second, wanted: "\(first)", at: right.position)
        case (false, false):
            reportOrder(first, wanted: "Long, datetime or duration", at: left.position)
            reportOrder(second, wanted: "Long, datetime or duration", at: right.position)
        }
        return .unsound(.bool)
    }

    private mutating func reportOrder(_ type: CedarType, wanted: String, at position: SourcePosition) {
        let hint = type == .decimal ? "decimals are compared with `lessThan` and its like" : nil
        report(.unexpectedType, "expected \(wanted), found \(type)", hint: hint, at: position)
    }

    private mutating func arithmetic(
        _ op: CedarOperator,
        _ left: CedarExpression,
        _ right: CedarExpression,
        _ prior: Capabilities
    ) -> Typing {
        let hint: (CedarType) -> String? = { type in
            switch type {
            case .string where op == .add: "texts cannot be joined"
            case .datetime where op != .multiply: "`offset` and `durationSince` reckon with time"
            case .set: "sets cannot be added or subtracted"
            default: nil
            }
        }
        let one = expect(.long, left, prior, hint: hint)
        let other = expect(.long, right, prior, hint: hint)
        return Typing(.long).given(one.isSound && other.isSound)
    }

    private mutating func expectSet(_ operand: CedarExpression, _ prior: Capabilities) -> Typing {
        expect(.set, operand, prior) { type in
            switch type {
            case .entity: "`in` asks whether an entity is in another"
            case .record: "`has` asks for the attribute of a record"
            case .string: "`like` asks for a part of a text"
            default: nil
            }
        }
    }

    private mutating func contains(
        _ expression: CedarExpression,
        _ left: CedarExpression,
        _ right: CedarExpression,
        _ prior: Capabilities
    ) -> Typing {
        let whole = expectSet(left, prior)
        let element = check(right, prior)
        var meets = true
        if case .set(let type) = whole.type {
            meets = requireCommon(type, element.type, "this looks among", at: expression.position)
        }
        return Typing(.bool).given(whole.isSound && element.isSound && meets)
    }
}
