// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one question against the rules that can be about it, all redirections at once.

internal import Cedar

/// What the rules say.
struct PolicyEvaluation {
    /// A rule and the asked actions it speaks about.
    struct Hit {
        let place: Int
        let mask: ActionMask
    }

    struct Fault {
        let place: Int
        let mask: ActionMask
        let error: CedarError
    }

    let action: ActionMask
    let person: PolicyPerson
    /// For the action itself.
    let evaluator: CedarEvaluator
    private let wanted: ActionMask
    private(set) var permits: [Hit] = []
    private(set) var forbids: [Hit] = []
    private(set) var faults: [Fault] = []
    private var permitted: ActionMask = []
    private var forbidden: ActionMask = []
    /// Forbidden because a forbid could not be evaluated.
    private(set) var faulty: ActionMask = []

    init(action: PolicyAction, person: PolicyPerson, evaluator: CedarEvaluator) {
        self.person = person
        self.evaluator = evaluator
        self.action = ActionMask(action)
        wanted = action.opensDesktop ? self.action.union(.anyRedirection) : self.action
    }

    var isAllowed: Bool {
        !action.isEmpty && permitted.isSuperset(of: action) && forbidden.isDisjoint(with: action)
            && faulty.isDisjoint(with: action)
    }

    /// What may pass.
    var redirections: [(redirection: PolicyRedirection, uid: EntityUID, mask: ActionMask)] {
        let open = permitted.subtracting(forbidden).subtracting(faulty).intersection(wanted)
        return ActionMask.redirections.filter { open.contains($0.mask) }
    }

    mutating func run(_ plan: TargetPlan, _ rules: [PreparedRule]) {
        for place in plan.rules {
            let rule = rules[place]
            let mask = rule.actions.intersection(wanted)
            guard !mask.isEmpty, rule.policy.principal.matches(person) else { continue }
            guard rule.usesAction else {
                add(rule, place, mask, evaluator)
                continue
            }
            for action in ActionMask.all where mask.contains(action.mask) {
                let request = CedarRequest(
                    principal: evaluator.request.principal,
                    action: action.uid,
                    resource: evaluator.request.resource,
                    context: evaluator.request.context
                )
                add(rule, place, action.mask, CedarEvaluator(request, evaluator.entities))
            }
        }
    }

    private mutating func add(
        _ rule: PreparedRule,
        _ place: Int,
        _ mask: ActionMask,
        _ evaluator: CedarEvaluator
    ) {
        do throws(CedarError) {
            guard try rule.policy.isSatisfied(evaluator) else { return }
            if rule.policy.effect == .permit {
                permits.append(Hit(place: place, mask: mask))
                permitted.formUnion(mask)
            } else {
                forbids.append(Hit(place: place, mask: mask))
                forbidden.formUnion(mask)
            }
        } catch {
            faults.append(Fault(place: place, mask: mask, error: error))
            // Cedar skips what it cannot evaluate; a guardrail that is skipped is none.
            if rule.policy.effect == .forbid { faulty.formUnion(mask) }
        }
    }
}

extension CedarPolicy {
    /// Whether all conditions hold; the scope is not looked at.
    func isSatisfied(_ evaluator: CedarEvaluator) throws(CedarError) -> Bool {
        for condition in conditions
        where try evaluator.holds(condition.body) != (condition.kind == .when) {
            return false
        }
        return true
    }
}
