// SPDX-License-Identifier: EUPL-1.2
// Torhaus: checks policies against a schema.

extension CedarSchema {
    /// Checks policies and templates as Cedar's strict mode does.
    ///
    /// A set without findings of severity `.error` cannot fail at run time, but for integer overflow and
    /// entities that are missing from the store.
    package func validate(_ policies: CedarPolicySet) -> [ValidationFinding] {
        validate(policies.policies) + validate(policies.templates.map(\.policy))
    }

    /// Checks policies as Cedar's strict mode does; the findings come in the order of the policies.
    package func validate(_ policies: some Sequence<CedarPolicy>) -> [ValidationFinding] {
        policies.flatMap { PolicyValidator(self, $0).findings() }
    }
}

/// Checks one policy.
private struct PolicyValidator {
    private let schema: CedarSchema
    private let policy: CedarPolicy
    private let scope: PolicyScope
    private let conditions: CedarExpression?

    /// Stands for a type that does not matter.
    private static let anyType = CedarName(checked: "")

    /// What the conditions can come to.
    private struct Outcome {
        var isEverTrue = false
        var isEverFalse = false
    }

    private struct TypePair: Hashable {
        let principal: CedarName
        let resource: CedarName
    }

    init(_ schema: CedarSchema, _ policy: CedarPolicy) {
        self.schema = schema
        self.policy = policy
        scope = PolicyScope(schema: schema, policy: policy)
        let bodies = policy.conditions.map { condition in
            switch condition.kind {
            case .when: condition.body
            case .unless: CedarExpression(.not(condition.body), at: condition.body.position)
            }
        }
        conditions = bodies.first.map { CedarExpression(.and(bodies), at: $0.position) }
    }

    func findings() -> [ValidationFinding] {
        let names = PolicyNames(schema, policy)
        let environments = environments(mentioning: names.mentioned)
        var findings = names.findings + scopeFindings()
        var outcome = Outcome()
        if ValidationLimits.work / max(1, environments.count) < names.work {
            let message = "the policy is too large to be checked for \(environments.count) kinds of request"
            findings.append(finding(.tooLarge, message))
        } else {
            for environment in environments where findings.count < ValidationLimits.findings {
                findings += check(environment, &outcome)
            }
        }
        if findings.isEmpty { findings += warnings(outcome) }
        var seen: Set<ValidationFinding> = []
        return findings.prefix(ValidationLimits.findings).filter { seen.insert($0).inserted }
    }

    private func check(_ environment: RequestEnvironment, _ outcome: inout Outcome) -> [ValidationFinding] {
        guard let conditions else {
            outcome.isEverTrue = true
            return []
        }
        var checker = TypeChecker(schema, environment, .policy(policy.id))
        let type = checker.expect(.bool, conditions, .none).type
        if type != .isFalse { outcome.isEverTrue = true }
        if type != .isTrue { outcome.isEverFalse = true }
        return checker.findings
    }

    private func warnings(_ outcome: Outcome) -> [ValidationFinding] {
        if !outcome.isEverTrue { return [finding(.impossiblePolicy, "no request can satisfy this policy")] }
        // Who writes just `true` wants it so.
        let isMeant = policy.conditions.allSatisfy { $0.body.kind == .literal(.bool($0.kind == .when)) }
        if outcome.isEverFalse || isMeant { return [] }
        return [
            finding(.vacuousCondition, "the conditions hold for every request in the scope of this policy")
        ]
    }

    // MARK: Scope

    private func scopeFindings() -> [ValidationFinding] {
        var findings: [ValidationFinding] = []
        if case .isInAny(let uids) = policy.action {
            if uids.isEmpty {
                findings.append(finding(.emptySet, "no action is in an empty list"))
            }
            if let first = uids.first, let other = uids.first(where: { $0.type != first.type }) {
                let message = "a list cannot hold actions of the types \(first.type) and \(other.type)"
                findings.append(finding(.incompatibleTypes, message))
            }
        }
        let applies = schema.actionOrder.contains { uid in
            guard let action = schema.actions[uid], scope.admits(action) else { return false }
            return action.principals.contains { scope.admits($0, policy.principal) }
                && action.resources.contains { scope.admits($0, policy.resource) }
        }
        if !applies {
            let message = "no action applies to the principals and resources this policy is about"
            findings.append(finding(.noApplicableAction, message))
        }
        return findings
    }

    private func finding(_ kind: ValidationFinding.Kind, _ message: String) -> ValidationFinding {
        ValidationFinding(kind, .policy(policy.id), message, at: policy.position)
    }

    // MARK: Kinds of request

    /// The kinds of request under which the conditions can have different types.
    ///
    /// Those that the scope rules out are left out, and of those that differ only in what the conditions
    /// do not mention one is enough.
    private func environments(mentioning mentioned: Set<CedarVariable>) -> [RequestEnvironment] {
        let isActionMentioned = mentioned.contains(.action) || mentioned.contains(.context)
        var pairs: Set<TypePair> = []
        var environments: [RequestEnvironment] = []
        let isUnclear = scope.hasUnclearAction
        for uid in schema.actionOrder {
            guard let action = schema.actions[uid], isUnclear || scope.admits(action) else { continue }
            let principals = types(action.principals, policy.principal, mentioned.contains(.principal))
            let resources = types(action.resources, policy.resource, mentioned.contains(.resource))
            for principal in principals {
                for resource in resources {
                    if !isActionMentioned {
                        let pair = TypePair(
                            principal: mentioned.contains(.principal) ? principal : Self.anyType,
                            resource: mentioned.contains(.resource) ? resource : Self.anyType
                        )
                        if !pairs.insert(pair).inserted { continue }
                    }
                    environments.append(
                        RequestEnvironment(action: action, principal: principal, resource: resource)
                    )
                }
            }
        }
        return environments
    }

    private func types(_ all: [CedarName], _ constraint: CedarScope, _ isMentioned: Bool) -> [CedarName] {
        let fitting = all.lazy.filter { type in
            scope.admits(type, constraint) || scope.isUnclear(type, constraint)
        }
        return isMentioned ? Array(fitting) : Array(fitting.prefix(1))
    }
}
