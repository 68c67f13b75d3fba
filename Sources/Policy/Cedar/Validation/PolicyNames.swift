// SPDX-License-Identifier: EUPL-1.2
// Torhaus: checks the entity types, actions and ids a policy names.

/// Goes through a whole policy, also what the type checker would skip.
struct PolicyNames {
    private let schema: CedarSchema
    private let policy: CedarPolicy
    private(set) var findings: [ValidationFinding] = []
    /// The variables that the conditions mention.
    private(set) var mentioned: Set<CedarVariable> = []

    init(_ schema: CedarSchema, _ policy: CedarPolicy) {
        self.schema = schema
        self.policy = policy
        scope(policy.principal)
        switch policy.action {
        case .any: break
        case .equal(let uid), .isIn(let uid): entity(uid, at: policy.position)
        case .isInAny(let uids): for uid in uids { entity(uid, at: policy.position) }
        }
        scope(policy.resource)
        for condition in policy.conditions { expression(condition.body) }
    }

    private mutating func scope(_ scope: CedarScope) {
        switch scope {
        case .any: break
        case .equal(let uid), .isIn(let uid): entity(uid, at: policy.position)
        case .isType(let name): type(name, at: policy.position)
        case .isTypeIn(let name, let uid):
            type(name, at: policy.position)
            entity(uid, at: policy.position)
        }
    }

    private mutating func expression(_ expression: CedarExpression) {
        switch expression.kind {
        case .literal(.entity(let uid)): entity(uid, at: expression.position)
        case .literal: break
        case .variable(let variable): mentioned.insert(variable)
        case .isType(let operand, let name, in: let group):
            type(name, at: expression.position)
            self.expression(operand)
            if let group { self.expression(group) }
        case .binary(_, let left, let right):
            self.expression(left)
            self.expression(right)
        case .not(let one), .negate(let one), .isEmpty(let one), .getAttribute(let one, _),
            .hasAttribute(let one, _), .like(let one, _):
            self.expression(one)
        case .and(let all), .or(let all), .set(let all), .call(_, let all):
            for one in all { self.expression(one) }
        case .conditional, .record:
            for child in expression.kind.children { self.expression(child) }
        }
    }

    private mutating func type(_ name: CedarName, at position: SourcePosition) {
        if schema.knows(name) { return }
        let hint = Suggestion.closest(to: name.text.string, among: schema.entityTypes.keys.map(\.text.string))
        report(.unknownEntityType, "there is no entity type `\(name)`", hint, at: position)
    }

    private mutating func entity(_ uid: EntityUID, at position: SourcePosition) {
        type(uid.type, at: position)
        if uid.type.isAction {
            if schema.actions[uid] != nil { return }
            let names = schema.actionOrder.map(\.description)
            let hint = Suggestion.closest(to: uid.description, among: names)
            report(.unknownAction, "there is no action \(uid)", hint, at: position)
        } else if let choices = schema.entityTypes[uid.type]?.choices, !choices.contains(uid.id) {
            let hint = Suggestion.closest(to: uid.id.string, among: choices.map(\.string))
            let message = "\(uid) is none of the ids `\(uid.type)` lists"
            report(.unknownChoice, message, hint.map { CedarEscaping.quoted($0) }, at: position)
        }
    }

    private mutating func report(
        _ kind: ValidationFinding.Kind,
        _ message: String,
        _ closest: String?,
        at position: SourcePosition
    ) {
        guard findings.count < ValidationLimits.findings else { return }
        let hint = closest.map { "did you mean \($0)?" }
        findings.append(ValidationFinding(kind, .policy(policy.id), message, hint: hint, at: position))
    }
}
