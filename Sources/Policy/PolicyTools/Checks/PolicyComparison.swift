// SPDX-License-Identifier: EUPL-1.2
// Torhaus: whether one policy says everything another says.

package import Cedar

/// The questions of two policies at once.
package struct PolicyComparison {
    private let world: PolicyWorld

    package init(_ world: PolicyWorld) { self.world = world }

    /// The actions of the schema that lie in a policy's scope.
    package func actions(of policy: CedarPolicy) -> Set<EntityUID> {
        let concrete = world.schema.actionOrder.filter { uid in
            guard let action = world.schema.actions[uid], !action.principals.isEmpty else { return false }
            switch policy.action {
            case .any: return true
            case .equal(let other): return uid == other
            case .isIn(let group): return uid == group || action.ancestors.contains(group)
            case .isInAny(let groups): return groups.contains { uid == $0 || action.ancestors.contains($0) }
            }
        }
        return Set(concrete)
    }

    /// Whether each request that satisfies `narrow` satisfies `wide` too; effects are not looked at.
    package func covers(_ wide: CedarPolicy, _ narrow: CedarPolicy) -> Bool {
        guard actions(of: narrow).isSubset(of: actions(of: wide)) else { return false }
        return ConditionSet(narrow, world).implies(wide.scopeConjuncts + wide.conjuncts)
    }
}
