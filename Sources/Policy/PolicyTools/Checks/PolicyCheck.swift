// SPDX-License-Identifier: EUPL-1.2
// Torhaus: looks for rules that are valid and yet not what somebody meant.

package import AccessPolicy
package import Cedar

/// The checks of a whole set; pure, and the same for the same set.
package struct PolicyCheck {
    /// Groups and people that rules name and the directory does not have.
    let missing: Set<EntityUID>
    let world: PolicyWorld
    let policies: [ExaminedPolicy]

    package init(_ policies: [ExaminedPolicy], _ world: PolicyWorld, missing: Set<EntityUID> = []) {
        self.policies = policies
        self.world = world
        self.missing = missing
    }

    /// The checks of a set in force; what its own building found is in `AccessPolicySet.warnings`.
    package init(_ set: AccessPolicySet, missing: Set<EntityUID> = []) {
        self.init(
            set.rules.map { ExaminedPolicy($0) },
            PolicyWorld(schema: set.schema, entities: set.entities),
            missing: missing
        )
    }

    /// All findings, in the order of the rules; about each rule the graver ones first.
    package func findings() -> [CheckFinding] {
        let sets = policies.map { ConditionSet($0.policy, world) }
        var findings: [CheckFinding] = []
        var dead: Set<Int> = []
        for (place, policy) in policies.enumerated() {
            var own = unknownNames(policy)
            if let finding = deadness(policy, sets[place]) {
                own.append(finding)
                dead.insert(place)
            }
            if !policy.isGiven { own += shape(policy) }
            findings += own
        }
        findings += coverage(sets, except: dead)
        let order = Dictionary(policies.enumerated().map { ($1.name, $0) }) { first, _ in first }
        return findings.enumerated().sorted { left, right in
            let one = left.element.rule.flatMap { order[$0] } ?? -1
            let other = right.element.rule.flatMap { order[$0] } ?? -1
            return one == other ? left.offset < right.offset : one < other
        }.map(\.element)
    }

    func finding(
        _ severity: CheckFinding.Severity,
        _ kind: CheckFinding.Kind,
        _ policy: ExaminedPolicy,
        _ message: String,
        hint: String? = nil
    ) -> CheckFinding {
        CheckFinding(severity, kind, rule: policy.name, place: policy.place, message, hint: hint)
    }
}
