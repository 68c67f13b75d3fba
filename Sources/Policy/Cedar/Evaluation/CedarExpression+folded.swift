// SPDX-License-Identifier: EUPL-1.2
// Torhaus: works out once what is the same in every request.

extension CedarExpression {
    /// The same expression with extension values and sets of literals made now.
    ///
    /// What cannot be made stays as it is and fails when it is evaluated, as before.
    package var folded: CedarExpression { CedarExpression(kind.folded, at: position) }

    fileprivate var literal: CedarValue? {
        guard case .literal(let value) = kind else { return nil }
        return value
    }
}

extension CedarExpression.Kind {
    fileprivate var folded: CedarExpression.Kind {
        switch self {
        case .literal, .variable: return self
        case .conditional(let test, let then, else: let otherwise):
            return .conditional(test.folded, then: then.folded, else: otherwise.folded)
        case .and(let all): return .and(all.map(\.folded))
        case .or(let all): return .or(all.map(\.folded))
        case .not(let one): return .not(one.folded)
        case .negate(let one): return .negate(one.folded)
        case .isEmpty(let one): return .isEmpty(one.folded)
        case .binary(let operation, let left, let right):
            return .binary(operation, left.folded, right.folded)
        case .getAttribute(let one, let name): return .getAttribute(one.folded, name)
        case .hasAttribute(let one, let path): return .hasAttribute(one.folded, path)
        case .like(let one, let pattern): return .like(one.folded, pattern)
        case .isType(let one, let type, in: let group): return .isType(one.folded, type, in: group?.folded)
        case .set(let elements):
            let folded = elements.map(\.folded)
            let values = folded.compactMap(\.literal)
            return values.count == elements.count ? .literal(.set(CedarSet(values))) : .set(folded)
        case .record(let fields): return .record(fields.map { CedarField($0.key, $0.value.folded) })
        case .call(let function, let arguments):
            let folded = arguments.map(\.folded)
            guard function.isConstructor, folded.count == 1, case .string(let text)? = folded.first?.literal,
                let value = try? function.construct(text)
            else { return .call(function, folded) }
            return .literal(value)
        }
    }
}

extension CedarPolicy {
    /// The same policy with its conditions folded.
    package var folded: CedarPolicy {
        CedarPolicy(
            id: id,
            effect: effect,
            annotations: annotations,
            principal: principal,
            action: action,
            resource: resource,
            conditions: conditions.map { CedarCondition($0.kind, $0.body.folded, at: $0.position) },
            position: position
        )
    }
}
