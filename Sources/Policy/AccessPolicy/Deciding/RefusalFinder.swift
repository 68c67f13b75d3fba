// SPDX-License-Identifier: EUPL-1.2
// Torhaus: finds the reason of a refusal.

internal import Cedar

/// Looks at what forbids, and if nothing does at the permits that come nearest.
struct RefusalFinder {
    let rules: [PreparedRule]
    let question: PolicyQuestion
    let plan: TargetPlan
    let evaluation: PolicyEvaluation

    /// What is hardest to change for the person comes first: nobody should fetch a code only to learn that
    /// the machine is the wrong one.
    private static let order: [PolicyReason] = [
        .guardrail, .device, .zone, .client, .outsideHours, .factor,
    ]

    /// The reason, and the places of the rules behind it.
    var finding: (PolicyReason, [Int]) {
        let action = evaluation.action
        let faulty = evaluation.faults.filter { !$0.mask.isDisjoint(with: action) }
        if !evaluation.faulty.isDisjoint(with: action) {
            return (
                .policyFault,
                faulty.filter { rules[$0.place].policy.effect == .forbid }.map(\.place)
            )
        }
        let forbids = evaluation.forbids.filter { !$0.mask.isDisjoint(with: action) }.map(\.place)
        if !forbids.isEmpty {
            let reasons = forbids.map { Self.reason(ofForbid: rules[$0]) }
            return (Self.order.first(where: reasons.contains) ?? .guardrail, forbids)
        }
        if question.action == .signIn, !question.person.isKnown { return (.unknownPerson, []) }
        // A permit that could not be evaluated may be the very one that would have allowed it.
        if !faulty.isEmpty { return (.policyFault, faulty.map(\.place)) }
        return nearestPermit
    }

    private static func reason(ofForbid rule: PreparedRule) -> PolicyReason {
        if let stated = rule.rule.annotations.reason { return stated }
        if !rule.rule.annotations.stepUp.isEmpty { return .factor }
        let topics = rule.policy.conditions.reduce(into: Set<PolicyReason>()) {
            $0.formUnion($1.body.topics)
        }
        guard let only = topics.first, topics.count == 1, order.contains(only) else { return .guardrail }
        return only
    }

    // MARK: Permits

    /// A permit that did not hold.
    private struct Miss {
        let place: Int
        let isMember: Bool
        let reasons: Set<PolicyReason>
        let count: Int
    }

    private var nearestPermit: (PolicyReason, [Int]) {
        let person = question.person
        let misses = plan.rules.compactMap { place -> Miss? in
            let rule = rules[place]
            guard rule.policy.effect == .permit, rule.actions.isSuperset(of: evaluation.action) else {
                return nil
            }
            guard rule.policy.principal.matches(person) else {
                return Miss(place: place, isMember: false, reasons: [], count: 0)
            }
            return miss(rule, place)
        }
        let own = misses.filter(\.isMember)
        guard let least = own.map(\.count).min() else {
            if misses.isEmpty { return (.noRule, []) }
            return (person.isKnown ? .notMember : .unknownPerson, misses.map(\.place))
        }
        let nearest = own.filter { $0.count == least }
        // One reason of one rule: the rule that asks for what is easiest to come by, and of what it asks the hardest.
        let ranked = nearest.map { miss in
            (Self.order.firstIndex(where: miss.reasons.contains) ?? 0, miss.place)
        }
        guard let best = ranked.max(by: { $0.0 < $1.0 }) else { return (.noRule, []) }
        let reason = Self.order.indices.contains(best.0) ? Self.order[best.0] : .guardrail
        return (reason, [best.1])
    }

    private func miss(_ rule: PreparedRule, _ place: Int) -> Miss {
        var isMember = true
        var reasons: Set<PolicyReason> = []
        var count = 0
        for condition in rule.policy.conditions {
            let parts = condition.kind == .when ? condition.body.conjuncts : [condition.body]
            for part in parts {
                let holds = (try? evaluation.evaluator.holds(part)) == (condition.kind == .when)
                guard !holds else { continue }
                count += 1
                let topics = part.topics
                if topics == [.notMember] { isMember = false }
                reasons.formUnion(topics.subtracting([.notMember]))
            }
        }
        return Miss(place: place, isMember: isMember, reasons: reasons, count: count)
    }
}
