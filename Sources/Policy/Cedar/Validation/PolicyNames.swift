// SPDX-License-Identifier: EUPL-1.2
// Torhaus: checks the entity types, actions and ids a policy names.

/// Goes through a whole policy, also what the type checker would skip.
struct PolicyNames {
    // So many bytes take about as long as one step.
    private static let textPerStep = 64

    private let schema: CedarSchema
    private let policy: CedarPolicy
    private(set) var findings: [ValidationFinding] = []
    /// The variables that the conditions mention.
    private(set) var mentioned: Set<CedarVariable> = []
    /// About how many steps the type checker takes through the conditions.
    private(set) var work = 0

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
        for condition in policy.conditions { _ = expression(condition.body) }
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

    /// Gives the size of the expression: its nodes, and more for long texts.
    private mutating func expression(_ expression: CedarExpression) -> Int {
        var size = 1
        var isCompared = false
        switch expression.kind {
        case .literal(.entity(let uid)): entity(uid, at: expression.position)
        case .literal(.string(let text)): size += text.utf8.count / Self.textPerStep
        case .literal: break
        case .variable(let variable): mentioned.insert(variable)
        case .isType(let operand, let name, in: let group):
            type(name, at: expression.position)
            size += self.expression(operand)
            if let group { size += self.expression(group) }
        case .hasAttribute(let one, let path):
            size += self.expression(one) + path.count
            isCompared = true
        case .not(let one), .negate(let one), .isEmpty(let one), .like(let one, _):
            size += self.expression(one)
        case .and(let all), .or(let all), .set(let all), .call(_, let all):
            for one in all { size += self.expression(one) }
        case .getAttribute, .binary, .conditional, .record:
            for child in expression.kind.children { size += self.expression(child) }
            isCompared = true
        }
        // What may have been made sure of is compared as a whole.
        work += isCompared ? size : 1
        return size
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
