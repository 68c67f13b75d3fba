// SPDX-License-Identifier: EUPL-1.2
// Torhaus: who can reach a desktop at all.

package import AccessPolicy
internal import Cedar

/// The rules by which people can open a desktop, and whether anybody can by each of them.
package struct DesktopReach: Sendable {
    /// One permit for the desktop.
    package struct Grant: Hashable, Sendable {
        package let rule: PolicyRuleName
        /// The groups it names; one of them is enough.
        package let groups: [String]
        /// The conditions beside the groups, as Cedar.
        package let conditions: [String]
        /// Circumstances under which it grants, the most ordinary found; nil when it never does.
        package let example: PolicyCircumstances?
        /// The answer then.
        package let decision: PolicyDecision?
        /// The rules that forbid it when it never grants.
        package let obstacles: [PolicyRuleName]
    }

    package let desktop: String
    package let grants: [Grant]
    /// County rules that forbid opening it under some circumstances.
    package let limits: [PolicyRuleName]

    /// Nil when there is no such desktop.
    ///
    /// With `circumstances` only these are asked about, else all that rules tell apart; `reference` is a
    /// moment in milliseconds since 1970.
    package init?(
        _ desktop: String,
        _ set: AccessPolicySet,
        circumstances: PolicyCircumstances? = nil,
        reference: Int64
    ) {
        let nobody = set.person("", groups: [])
        let question = PolicyQuestion(nobody, .connect, .desktop(desktop), .nowhere)
        guard let request = set.request(question) else { return nil }
        self.desktop = desktop
        let rules = set.rules.filter { rule in
            rule.policy.resource.admits(request.resource, set.entities)
                && rule.policy.action.admits(request.action, set.entities)
        }
        let situations =
            circumstances.map { [$0] }
            ?? Situations(for: rules.map(\.policy), of: [set], reference: reference).all
        let homes = set.municipality(of: desktop)?.groups ?? []
        grants = rules.filter { $0.policy.effect == .permit }.map { rule in
            Self.grant(rule, set, desktop, homes, situations)
        }
        limits = rules.filter { $0.policy.effect == .forbid }.map(\.name)
    }

    private static func grant(
        _ rule: PolicyRule,
        _ set: AccessPolicySet,
        _ desktop: String,
        _ homes: [String],
        _ situations: [PolicyCircumstances]
    ) -> Grant {
        let groups = Set(rule.policy.namedGroups).sorted()
        // Members of the group, and those who also belong to the municipality.
        let named = groups.isEmpty ? [[]] : groups.map { [$0] }
        let people = (named + named.flatMap { group in homes.map { group + [$0] } }).map {
            set.person(PersonClass(groups: $0).user, groups: $0)
        }
        var obstacles: [PolicyRuleName] = []
        var found: (PolicyCircumstances, PolicyDecision)?
        search: for circumstances in situations {
            for person in people {
                let decision = set.decide(PolicyQuestion(person, .connect, .desktop(desktop), circumstances))
                if decision.isAllowed, decision.rules.contains(rule.name) {
                    found = (circumstances, decision)
                    break search
                }
                if decision.reason == .guardrail || decision.reason == .policyFault {
                    for name in decision.rules where !obstacles.contains(name) { obstacles.append(name) }
                }
            }
        }
        return Grant(
            rule: rule.name,
            groups: groups,
            conditions: conditions(rule.policy, set),
            example: found?.0,
            decision: found?.1,
            obstacles: found == nil ? obstacles : []
        )
    }

    /// What is neither about groups nor said by the scope already.
    private static func conditions(_ policy: CedarPolicy, _ set: AccessPolicySet) -> [String] {
        let world = PolicyWorld(schema: set.schema, entities: set.entities)
        let scope = ConditionSet(policy.scopeConjuncts, world)
        return policy.conjuncts.filter { !$0.isAboutMembership && !scope.implies([$0]) }.map(\.text)
    }
}

extension Conjunct {
    /// Whether it only asks which groups the person is in.
    fileprivate var isAboutMembership: Bool {
        guard case .binary(.isIn, let left, _) = expression.kind else { return false }
        return left.kind == .variable(.principal)
    }
}

extension AccessPolicySet {
    /// The municipality of a desktop; nil when there is no such desktop.
    package func municipality(of desktop: String) -> PolicyMunicipality? {
        input.municipalities.first { municipality in
            municipality.pools.contains { $0.desktops.contains(desktop) }
        }
    }
}
