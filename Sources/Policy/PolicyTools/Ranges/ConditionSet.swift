// SPDX-License-Identifier: EUPL-1.2
// Torhaus: conditions that must all hold, compared with others.

package import Cedar

/// All that must hold for a policy to be satisfied, its scope included; the action apart.
///
/// Comparisons with constants are understood, everything else is only recognised when it is the same:
/// an answer of yes is sure for policies that the schema's strict check passes, no may mean "not seen".
package struct ConditionSet {
    private let world: PolicyWorld
    private var domains: [CedarExpression: ValueDomain] = [:]
    /// Conditions that are a choice between several things.
    private var choices: [Conjunct] = []

    package init(_ conditions: [Conjunct], _ world: PolicyWorld) {
        self.world = world
        add(conditions)
    }

    package init(_ policy: CedarPolicy, _ world: PolicyWorld) {
        self.init(policy.scopeConjuncts + policy.conjuncts, world)
    }

    private mutating func add(_ conditions: [Conjunct]) {
        for condition in conditions {
            if condition.alternatives == nil {
                let atom = Atom(condition)
                domains[atom.path, default: ValueDomain()].narrow(atom.constraint)
            } else {
                choices.append(condition)
            }
        }
    }

    private func adding(_ conditions: [Conjunct]) -> ConditionSet {
        var other = self
        other.add(conditions)
        return other
    }

    // MARK: Asking

    /// Whether the conditions contradict each other, so that no request can meet them.
    package var isContradictory: Bool {
        contradiction != nil
    }

    /// The thing that no value is left for, as Cedar; nil when there is none.
    package var contradiction: String? {
        let empty = domains.filter { $0.value.isEmpty(world) }.map(\.key.text).min()
        if let empty { return empty }
        for choice in choices {
            let alternatives = choice.alternatives ?? []
            // Each alternative together with what must hold anyway; other choices are left out, which
            // keeps the work small and errs towards "may hold".
            let plain = withoutChoices
            if alternatives.allSatisfy({ plain.adding($0).hasEmptyDomain }) { return choice.text }
        }
        return nil
    }

    /// Whether a request that meets these conditions meets all of those too.
    package func implies(_ conditions: [Conjunct]) -> Bool {
        conditions.allSatisfy(implies)
    }

    private func implies(_ condition: Conjunct) -> Bool {
        if let alternatives = condition.alternatives {
            if choices.contains(condition) { return true }
            if alternatives.contains(where: implies) { return true }
            return choices.contains { choice in
                (choice.alternatives ?? []).allSatisfy { own in
                    let narrowed = withoutChoices.adding(own)
                    return alternatives.contains { $0.allSatisfy(narrowed.impliesPlain) }
                }
            }
        }
        return impliesPlain(condition)
            || choices.contains { choice in
                (choice.alternatives ?? []).allSatisfy { withoutChoices.adding($0).impliesPlain(condition) }
            }
    }

    private func impliesPlain(_ condition: Conjunct) -> Bool {
        if let alternatives = condition.alternatives {
            return alternatives.contains { $0.allSatisfy(impliesPlain) }
        }
        let atom = Atom(condition)
        if let domain = domains[atom.path], domain.implies(atom.constraint, world) { return true }
        return impliesPresence(condition)
    }

    /// `x has a` follows from any condition on `x.a`, which could not be evaluated otherwise.
    private func impliesPresence(_ condition: Conjunct) -> Bool {
        guard condition.wanted, case .hasAttribute(let one, let path) = condition.expression.kind else {
            return false
        }
        let whole = path.reduce(one) { CedarExpression(.getAttribute($0, $1), at: condition.position) }
        return domains[whole] != nil
    }

    private var hasEmptyDomain: Bool { domains.values.contains { $0.isEmpty(world) } }

    private var withoutChoices: ConditionSet {
        var other = self
        other.choices = []
        return other
    }
}
