// SPDX-License-Identifier: EUPL-1.2
// Torhaus: rules that can never matter.

internal import Cedar

extension PolicyCheck {
    /// Whether the rule can ever be satisfied.
    func deadness(_ examined: ExaminedPolicy, _ conditions: ConditionSet) -> CheckFinding? {
        let policy = examined.policy
        if let contradiction = conditions.contradiction {
            let message = "it can never match: nothing is left for \(contradiction)"
            return finding(.warning, .neverMatches, examined, message)
        }
        if PolicyComparison(world).actions(of: policy).isEmpty {
            return finding(
                .warning,
                .neverMatches,
                examined,
                "it can never match: no action lies in its scope"
            )
        }
        return emptiness(examined)
    }

    /// Nothing of the configuration is meant.
    private func emptiness(_ examined: ExaminedPolicy) -> CheckFinding? {
        let scope = examined.policy.resource
        guard let named = scope.named, world.knows(named) else { return nil }
        let isMet = world.entities.entities.contains { entity in
            scope.admits(entity.uid, world.entities)
                && world.schema.actions.values.contains { $0.resources.contains(entity.uid.type) }
        }
        // Sessions are no part of the configuration; a scope about them is never empty.
        if isMet || !Self.standing(scope, world) { return nil }
        return finding(.warning, .matchesNothing, examined, "nothing in the configuration lies in \(named)")
    }

    /// Whether the entities of the scope's type stand in the configuration.
    private static func standing(_ scope: CedarScope, _ world: PolicyWorld) -> Bool {
        switch scope {
        case .isType(let type), .isTypeIn(let type, _):
            world.entities.entities.contains { $0.uid.type == type }
        default: true
        }
    }

    /// Rules that others cover, permits that a forbid undoes.
    func coverage(_ sets: [ConditionSet], except dead: Set<Int>) -> [CheckFinding] {
        let comparison = PolicyComparison(world)
        let actions = policies.map { comparison.actions(of: $0.policy) }
        let required = policies.map { $0.policy.scopeConjuncts + $0.policy.conjuncts }
        var findings: [CheckFinding] = []
        var covered: Set<Int> = []
        for narrow in policies.indices where !dead.contains(narrow) {
            for wide in policies.indices where wide != narrow && !dead.contains(wide) {
                // Of two that say the same only one is superfluous.
                if covered.contains(wide) { continue }
                let effects = (policies[wide].policy.effect, policies[narrow].policy.effect)
                if effects == (.permit, .forbid) { continue }
                guard actions[narrow].isSubset(of: actions[wide]), sets[narrow].implies(required[wide]) else {
                    continue
                }
                let other = policies[wide].label
                if effects == (.forbid, .permit) {
                    let message = "it grants nothing: \(other) forbids all of it"
                    findings.append(finding(.warning, .forbidden, policies[narrow], message))
                    covered.insert(narrow)
                    break
                }
                guard addsNothing(policies[narrow].policy, to: policies[wide].policy) else { continue }
                let message = "it changes nothing: \(other) says all of it"
                findings.append(finding(.warning, .covered, policies[narrow], message))
                covered.insert(narrow)
                break
            }
        }
        return findings
    }

    /// Whether the rule's obligations are the other's, or it has none; names and remarks do not count.
    private func addsNothing(_ narrow: CedarPolicy, to wide: CedarPolicy) -> Bool {
        narrow.annotations.allSatisfy { note in
            Self.remarks.contains(note.name.string) || wide.annotation(note.name) == note.value
        }
    }

    // Annotations that oblige nobody.
    private static let remarks: Set<String> = ["id", "doc", "origin", "reason", "description"]
}
