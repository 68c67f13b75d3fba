// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what each rule says to a question, and why.

package import Cedar

/// One rule's answer to one question.
package struct PolicyRuleTrace: Sendable {
    /// How far the rule came.
    package enum Verdict: Hashable, Sendable {
        /// It is about other actions.
        case otherAction
        /// It is about other desktops.
        case otherTarget
        /// It is about other people.
        case otherPeople
        case satisfied
        /// The first condition that does not hold.
        case unsatisfied(PolicyConditionTrace)
        /// The rule could not be evaluated.
        case failed(String)
    }

    package let rule: PolicyRule
    package let verdict: Verdict
    /// Parts of conditions that do not hold, the first one included; a small number came near.
    package let missed: Int
}

/// A condition that does not hold, with what it looked at.
package struct PolicyConditionTrace: Hashable, Sendable {
    /// As Cedar.
    package let text: String
    /// Whether it stands under `unless`, so that it does hold.
    package let isUnless: Bool
    package let position: SourcePosition
    /// What the condition asks for, such as `context.local.minute`, with its value as Cedar.
    package let values: [String: String]
}

extension AccessPolicySet {
    /// What every rule says; nil when the target does not exist.
    ///
    /// With a redirection, about that instead of the action itself.
    package func explain(
        _ question: PolicyQuestion,
        _ redirection: PolicyRedirection? = nil
    ) -> [PolicyRuleTrace]? {
        guard let plan = plans.plan(question.action, question.target),
            let request = redirection.map({ self.request(question, $0) }) ?? self.request(question)
        else { return nil }
        let evaluator = CedarEvaluator(request, entities(with: question.person))
        let wanted =
            redirection.flatMap { word in ActionMask.redirections.first { $0.redirection == word }?.mask }
            ?? ActionMask(question.action)
        let near = Set(plan.rules)
        return plans.rules.indices.map { place in
            let rule = plans.rules[place]
            let verdict: PolicyRuleTrace.Verdict
            var missed = 0
            if rule.actions.isDisjoint(with: wanted) {
                verdict = .otherAction
            } else if !near.contains(place) {
                verdict = .otherTarget
            } else if !rule.policy.principal.matches(question.person) {
                verdict = .otherPeople
            } else {
                (verdict, missed) = rule.rule.policy.trace(evaluator)
            }
            return PolicyRuleTrace(rule: rule.rule, verdict: verdict, missed: missed)
        }
    }
}

extension CedarPolicy {
    /// Goes through all conditions, also behind the first that does not hold.
    fileprivate func trace(_ evaluator: CedarEvaluator) -> (PolicyRuleTrace.Verdict, Int) {
        var first: PolicyRuleTrace.Verdict?
        var missed = 0
        for condition in conditions {
            let isUnless = condition.kind == .unless
            for part in isUnless ? [condition.body] : condition.body.conjuncts {
                do throws(CedarError) {
                    guard try evaluator.holds(part) == isUnless else { continue }
                    missed += 1
                    first = first ?? .unsatisfied(evaluator.trace(part, isUnless: isUnless))
                } catch {
                    missed += 1
                    first = first ?? .failed(error.description)
                }
            }
        }
        return (first ?? .satisfied, missed)
    }
}

extension CedarEvaluator {
    fileprivate func trace(_ part: CedarExpression, isUnless: Bool) -> PolicyConditionTrace {
        var values: [String: String] = [:]
        for node in part.lookups {
            values[node.text] = (try? value(of: node))?.text ?? "missing"
        }
        return PolicyConditionTrace(
            text: part.text,
            isUnless: isUnless,
            position: part.position,
            values: values
        )
    }
}

extension CedarExpression {
    /// The longest paths into context and entities, and bare `principal` and `resource`.
    package var lookups: [CedarExpression] {
        switch kind {
        case .getAttribute(let base, _) where base.isPath: [self]
        case .variable(.principal), .variable(.resource): [self]
        default: kind.children.flatMap(\.lookups)
        }
    }

    /// Whether this is a variable, or an attribute of one.
    private var isPath: Bool {
        switch kind {
        case .variable: true
        case .getAttribute(let base, _): base.isPath
        default: false
        }
    }
}
