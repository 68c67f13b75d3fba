// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the type checker: `&&`, `||`, `!` and `if`.

extension TypeChecker {
    /// `a && b && …`: each operand may rely on those before it.
    mutating func conjunction(_ operands: [CedarExpression], _ prior: Capabilities) -> Typing {
        guard let first = operands.first else { return Typing(.isTrue) }
        var whole = expect(.bool, first, prior)
        var known = prior
        for operand in operands.dropFirst() {
            if whole.type == .isFalse { break }
            known.formUnion(whole.capabilities)
            whole = Self.and(whole, expect(.bool, operand, known))
        }
        if whole.type == .isFalse { whole.capabilities = .none }
        return whole
    }

    private static func and(_ left: Typing, _ right: Typing) -> Typing {
        let isSound = left.isSound && right.isSound
        guard let leftType = left.type, let rightType = right.type else { return .unsound(.bool) }
        if rightType == .isFalse { return Typing(.isFalse).given(isSound) }
        let type =
            switch (leftType, rightType) {
            case (_, .isTrue): leftType
            case (.isTrue, _): rightType
            default: CedarType.bool
            }
        return Typing(type, left.capabilities.union(right.capabilities)).given(isSound)
    }

    /// `a || b || …`: no operand may rely on those before it.
    mutating func disjunction(_ operands: [CedarExpression], _ prior: Capabilities) -> Typing {
        guard let first = operands.first else { return Typing(.isFalse) }
        var whole = expect(.bool, first, prior)
        for operand in operands.dropFirst() {
            if whole.type == .isTrue { break }
            whole = Self.or(whole, expect(.bool, operand, prior))
        }
        return whole
    }

    private static func or(_ left: Typing, _ right: Typing) -> Typing {
        let isSound = left.isSound && right.isSound
        guard let leftType = left.type, let rightType = right.type else { return .unsound(.bool) }
        return switch (leftType, rightType) {
        case (_, .isTrue): Typing(.isTrue, right.capabilities).given(isSound)
        case (_, .isFalse): Typing(leftType, left.capabilities).given(isSound)
        case (.isFalse, _): Typing(rightType, right.capabilities).given(isSound)
        default: Typing(.bool, left.capabilities.intersection(right.capabilities)).given(isSound)
        }
    }

    mutating func negation(_ operand: CedarExpression, _ prior: Capabilities) -> Typing {
        let typing = expect(.bool, operand, prior)
        return switch typing.type {
        case .isTrue: Typing(.isFalse).given(typing.isSound)
        case .isFalse: Typing(.isTrue).given(typing.isSound)
        case nil: .unsound(.bool)
        default: Typing(.bool).given(typing.isSound)
        }
    }

    /// A test that is known leaves one branch only; the other is not looked at.
    mutating func conditional(
        _ expression: CedarExpression,
        _ test: CedarExpression,
        _ then: CedarExpression,
        _ otherwise: CedarExpression,
        _ prior: Capabilities
    ) -> Typing {
        let tested = expect(.bool, test, prior)
        if tested.type == .isFalse {
            let typing = check(otherwise, prior)
            return typing.given(tested.isSound && typing.isSound)
        }
        var yes = check(then, prior.union(tested.capabilities))
        if yes.isSound { yes.capabilities.formUnion(tested.capabilities) }
        if tested.type == .isTrue { return yes.given(tested.isSound && yes.isSound) }
        let no = check(otherwise, prior)
        guard let one = yes.type, let other = no.type else { return .unsound(nil) }
        guard let type = CedarType.common(one, other) else {
            report(
                .incompatibleTypes,
                "the branches of `if` have the types \(one) and \(other)",
                at: expression.position
            )
            return .unsound(nil)
        }
        return Typing(type, yes.capabilities.intersection(no.capabilities))
            .given(tested.isSound && yes.isSound && no.isSound)
    }
}
