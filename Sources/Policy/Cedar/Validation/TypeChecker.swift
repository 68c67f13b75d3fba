// SPDX-License-Identifier: EUPL-1.2
// Torhaus: finds the types of expressions for one kind of request.

/// Checks expressions under the assumption of one action, principal type and resource type.
///
/// Follows the rules of Cedar's strict mode (language 4.5): Bool is known to be true or false where the
/// types decide it, what comes after a known `false &&` or `true ||` is not looked at, and an attribute
/// that may be missing needs a `has` before it.
/// A mistake is reported once and the rest is checked as far as it makes sense.
struct TypeChecker {
    let schema: CedarSchema
    let environment: RequestEnvironment
    let subject: ValidationFinding.Subject
    private(set) var findings: [ValidationFinding] = []

    init(_ schema: CedarSchema, _ environment: RequestEnvironment, _ subject: ValidationFinding.Subject) {
        self.schema = schema
        self.environment = environment
        self.subject = subject
    }

    /// The type of `expression`, given what was made sure of before.
    mutating func check(_ expression: CedarExpression, _ prior: Capabilities) -> Typing {
        switch expression.kind {
        case .literal(let value): literal(value)
        case .variable(let variable): Typing(type(of: variable))
        case .conditional(let test, let then, let otherwise):
            conditional(expression, test, then, otherwise, prior)
        case .and(let operands): conjunction(operands, prior)
        case .or(let operands): disjunction(operands, prior)
        case .not(let operand): negation(operand, prior)
        case .negate(let operand):
            Typing(.long).given(expect(.long, operand, prior).isSound)
        case .isEmpty(let operand):
            Typing(.bool).given(expect(.set, operand, prior).isSound)
        case .binary(let op, let left, let right): binary(expression, op, left, right, prior)
        case .getAttribute(let receiver, let key): attribute(expression, receiver, key, prior)
        case .hasAttribute(let receiver, let path): has(receiver, path, prior)
        case .like(let operand, _):
            Typing(.bool).given(expect(.string, operand, prior).isSound)
        case .isType(let operand, let name, in: let group): isType(operand, name, group, prior)
        case .set(let elements): set(expression, elements, prior)
        case .record(let fields): record(fields, prior)
        case .call(let function, let arguments): call(expression, function, arguments, prior)
        }
    }

    mutating func report(
        _ kind: ValidationFinding.Kind,
        _ message: String,
        hint: String? = nil,
        at position: SourcePosition
    ) {
        if findings.count < ValidationLimits.findings {
            findings.append(ValidationFinding(kind, subject, message, hint: hint, at: position))
        }
    }

    private func type(of variable: CedarVariable) -> CedarType {
        switch variable {
        case .principal: .entity(environment.principal)
        case .action: .entity(environment.action.uid.type)
        case .resource: .entity(environment.resource)
        case .context: .record(environment.action.context)
        }
    }

    private func literal(_ value: CedarValue) -> Typing {
        switch value {
        case .bool(let bool): Typing(bool ? .isTrue : .isFalse)
        case .long: Typing(.long)
        case .string: Typing(.string)
        case .entity(let uid): knows(uid) ? Typing(.entity(uid.type)) : .unsound(nil)
        // The parser writes these as calls.
        case .decimal: Typing(.decimal)
        case .ip: Typing(.ip)
        case .datetime: Typing(.datetime)
        case .duration: Typing(.duration)
        case .set, .record: .unsound(nil)
        }
    }

    /// Unknown entities have been reported for the policy as a whole.
    private func knows(_ uid: EntityUID) -> Bool {
        uid.type.isAction ? schema.actions[uid] != nil : schema.entityTypes[uid.type] != nil
    }

    private mutating func set(
        _ expression: CedarExpression,
        _ elements: [CedarExpression],
        _ prior: Capabilities
    ) -> Typing {
        var isSound = true
        var types: [CedarType?] = []
        for element in elements {
            let typing = check(element, prior)
            isSound = isSound && typing.isSound
            types.append(typing.type)
        }
        guard let first = types.first else {
            report(.emptySet, "the type of an empty set is not known", at: expression.position)
            return .unsound(nil)
        }
        var common = first
        for type in types.dropFirst() {
            guard let one = common, let other = type else {
                common = nil
                continue
            }
            common = CedarType.common(one, other)
            if common == nil, !types.contains(nil) {
                report(
                    .incompatibleTypes,
                    "a set cannot hold \(one) and \(other)",
                    at: expression.position
                )
                return .unsound(nil)
            }
        }
        guard let common else { return .unsound(nil) }
        return Typing(.set(common)).given(isSound)
    }

    private mutating func record(_ fields: [CedarField], _ prior: Capabilities) -> Typing {
        var isSound = true
        var isTyped = true
        var attributes: [CedarRecordType.Attribute] = []
        for field in fields {
            let typing = check(field.value, prior)
            isSound = isSound && typing.isSound
            if let type = typing.type {
                attributes.append(.init(field.key, type))
            } else {
                isTyped = false
            }
        }
        return isTyped ? Typing(.record(CedarRecordType(attributes))).given(isSound) : .unsound(nil)
    }
}
