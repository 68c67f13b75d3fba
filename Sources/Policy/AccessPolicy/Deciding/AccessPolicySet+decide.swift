// SPDX-License-Identifier: EUPL-1.2
// Torhaus: decides a question, on the safe side.

package import Cedar

extension AccessPolicySet {
    /// Decides.
    ///
    /// Pure Cedar but for three things, all on the safe side: what does not exist is refused, a forbid that
    /// cannot be evaluated forbids, and redirections are decided along with opening a desktop.
    package func decide(_ question: PolicyQuestion) -> PolicyDecision {
        guard let plan = plans.plan(question.action, question.target) else { return refused(.unknownTarget) }
        let evaluation = evaluate(question, plan)
        return evaluation.isAllowed ? allowed(plan, evaluation) : refusal(question, plan, evaluation)
    }

    /// The question as Cedar puts it, for tools and for judges from outside; nil when the target does not exist.
    package func request(_ question: PolicyQuestion) -> CedarRequest? {
        guard let plan = plans.plan(question.action, question.target) else { return nil }
        return CedarRequest(
            principal: question.person.entity.uid,
            action: ActionMask.uid(question.action),
            resource: plan.uid,
            context: context(question)
        )
    }

    /// The same for one redirection of a desktop.
    package func request(_ question: PolicyQuestion, _ redirection: PolicyRedirection) -> CedarRequest? {
        guard let request = request(question) else { return nil }
        return CedarRequest(
            principal: request.principal,
            action: Gw.uid(Gw.action, redirection.rawValue),
            resource: request.resource,
            context: request.context
        )
    }

    /// Everything that exists and the person.
    package func entities(with person: PolicyPerson) -> EntityStore {
        entities.with(guest: person.entity, ancestors: person.ancestors)
    }

    func context(_ question: PolicyQuestion) -> CedarRecord {
        let circumstances = question.circumstances
        return PolicyContext.record(circumstances, zone: zones.zone(of: circumstances.address))
    }

    func evaluate(_ question: PolicyQuestion, _ plan: TargetPlan) -> PolicyEvaluation {
        let request = CedarRequest(
            principal: question.person.entity.uid,
            action: ActionMask.uid(question.action),
            resource: plan.uid,
            context: context(question)
        )
        var evaluation = PolicyEvaluation(
            action: question.action,
            person: question.person,
            evaluator: CedarEvaluator(request, entities(with: question.person))
        )
        evaluation.run(plan, plans.rules)
        return evaluation
    }

    // MARK: Answers

    private func allowed(_ plan: TargetPlan, _ evaluation: PolicyEvaluation) -> PolicyDecision {
        PolicyDecision(
            isAllowed: true,
            rules: names(evaluation.permits.filter { $0.mask.contains(evaluation.action) }.map(\.place)),
            reason: nil,
            stepUp: [],
            obligations: obligations(plan, evaluation),
            redirections: Set(evaluation.redirections.map(\.redirection)),
            faults: faults(evaluation),
            version: version
        )
    }

    private func refusal(
        _ question: PolicyQuestion,
        _ plan: TargetPlan,
        _ evaluation: PolicyEvaluation
    ) -> PolicyDecision {
        let (reason, places) = RefusalFinder(
            rules: plans.rules,
            question: question,
            plan: plan,
            evaluation: evaluation
        )
        .finding
        return PolicyDecision(
            isAllowed: false,
            rules: names(places),
            reason: reason,
            stepUp: reason == .factor ? stepUp(question, plan) : [],
            obligations: PolicyObligations(),
            redirections: [],
            faults: faults(evaluation),
            version: version
        )
    }

    private func refused(_ reason: PolicyReason) -> PolicyDecision {
        PolicyDecision(
            isAllowed: false,
            rules: [],
            reason: reason,
            stepUp: [],
            obligations: PolicyObligations(),
            redirections: [],
            faults: [],
            version: version
        )
    }

    /// The factors that, shown now, would open.
    private func stepUp(_ question: PolicyQuestion, _ plan: TargetPlan) -> [PolicyFactor] {
        PolicyFactor.allCases.filter { factor in
            guard factor != .none else { return false }
            var other = question
            other.circumstances.factor = factor
            other.circumstances.factorAge = 0
            return evaluate(other, plan).isAllowed
        }
    }

    /// Of all permits for what is granted, and of the pool.
    func obligations(_ plan: TargetPlan, _ evaluation: PolicyEvaluation) -> PolicyObligations {
        let granted = evaluation.redirections.reduce(into: evaluation.action) { $0.formUnion($1.mask) }
        return evaluation.permits.filter { !$0.mask.isDisjoint(with: granted) }
            .reduce(plan.limits) { $0.merged(with: plans.rules[$1.place].rule.annotations.obligations) }
    }

    private func names(_ places: [Int]) -> [PolicyRuleName] { places.map { plans.rules[$0].rule.name } }

    private func faults(_ evaluation: PolicyEvaluation) -> [PolicyFault] {
        evaluation.faults.map { fault in
            PolicyFault(rule: plans.rules[fault.place].rule.name, message: fault.error.description)
        }
    }
}
