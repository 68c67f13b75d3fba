// SPDX-License-Identifier: EUPL-1.2
// Torhaus: when the answer changes because time goes on.

/// What will be answered from some moment on.
package struct PolicyChange: Hashable, Sendable {
    /// Milliseconds since 1970: the first moment with the other answer.
    package let time: Int64
    package let decision: PolicyDecision

    /// Both parts.
    package init(time: Int64, decision: PolicyDecision) {
        self.time = time
        self.decision = decision
    }
}

extension AccessPolicySet {
    /// A week and the day that the clocks change.
    package static let horizon: Int64 = 8 * BerlinTime.millisecondsPerDay

    /// The next moment at which the same question gets another answer, all else being equal; nil when
    /// there is none within the horizon (milliseconds).
    ///
    /// For running sessions: a grant that ends is announced before. For refusals: when it opens again.
    /// The factor grows older meanwhile, but for `keep`. Each candidate costs one decision; do not ask for
    /// every desktop of a page.
    /// Answers differ when they allow differently, or bind differently; other rules alone are no change.
    package func nextChange(
        of question: PolicyQuestion,
        within horizon: Int64 = Self.horizon
    ) -> PolicyChange? {
        let start = question.circumstances.time
        guard let plan = plans.plan(question.action, question.target), BerlinTime.range.contains(start) else {
            return nil
        }
        let boundaries = plan.rules.reduce(into: TimeBoundaries()) {
            $0.formUnion(plans.rules[$1].boundaries)
        }
        let end = min(
            start.addingReportingOverflow(max(0, horizon)).partialValue,
            BerlinTime.range.upperBound
        )
        let grows = question.action != .keep
        let now = answer(question, plan)
        let age = grows ? PolicyContext.age(question.circumstances.factorAge) : .max
        for moment in boundaries.moments(after: start, until: end, age: age) {
            var later = question
            later.circumstances.time = moment
            if grows {
                let (older, over) = question.circumstances.factorAge.addingReportingOverflow(
                    (moment - start) / 1000
                )
                later.circumstances.factorAge = over ? .max : older
            }
            if answer(later, plan) != now { return PolicyChange(time: moment, decision: decide(later)) }
        }
        return nil
    }
}

/// What a person would notice.
private struct PolicyAnswer: Equatable {
    let isAllowed: Bool
    var obligations = PolicyObligations()
    var redirections: [PolicyRedirection] = []
}

extension AccessPolicySet {
    private func answer(_ question: PolicyQuestion, _ plan: TargetPlan) -> PolicyAnswer {
        let evaluation = evaluate(question, plan)
        guard evaluation.isAllowed else { return PolicyAnswer(isAllowed: false) }
        return PolicyAnswer(
            isAllowed: true,
            obligations: obligations(plan, evaluation),
            redirections: evaluation.redirections.map(\.redirection)
        )
    }
}
