// SPDX-License-Identifier: EUPL-1.2
// Torhaus: why one question got its answer, rule by rule.

package import AccessPolicy
package import Cedar

/// A decision with what every rule said that mattered or nearly did.
package struct Explanation: Sendable {
    /// What one rule said.
    package struct Account: Hashable, Sendable {
        package let rule: PolicyRuleName
        package let account: PolicyAccount
        package var effect: CedarEffect { account.policy.effect }
    }

    package let question: PolicyQuestion
    package let decision: PolicyDecision
    /// Rules that were satisfied: permits, and forbids, which win.
    package let satisfied: [Account]
    /// Rules that could not be evaluated.
    package let failed: [Account]
    /// Permits whose scope matches and of which a condition does not hold, the nearest first.
    package let near: [Account]
    /// Permits for this desktop that are for other people, when nothing is nearer.
    package let forOthers: [Account]
    /// Forbids whose scope matches and that let it pass.
    package let passed: [Account]

    /// Asks the set, and then each rule by itself.
    package init(_ question: PolicyQuestion, _ set: AccessPolicySet) {
        self.question = question
        decision = set.decide(question)
        var accounts: [Account] = []
        if let request = set.request(question) {
            let entities = set.entities(with: question.person)
            accounts = set.rules.map {
                Account(rule: $0.name, account: PolicyAccount($0.policy, request, entities))
            }
        }
        satisfied = accounts.filter { $0.account.outcome == .satisfied }
        failed = accounts.filter(\.hasFailed)
        let open = accounts.filter(\.isUnsatisfied)
        near = open.filter { $0.effect == .permit }
            .enumerated()
            .sorted { left, right in
                let one = left.element.account.distance
                let other = right.element.account.distance
                return one == other ? left.offset < right.offset : one < other
            }
            .map(\.element)
        passed = open.filter { $0.effect == .forbid }
        forOthers =
            near.isEmpty && !satisfied.contains { $0.effect == .permit }
            ? accounts.filter { $0.effect == .permit && $0.account.outcome == .outOfScope([.principal]) } : []
    }
}

extension Explanation.Account {
    fileprivate var hasFailed: Bool {
        if case .failed = account.outcome { true } else { false }
    }

    fileprivate var isUnsatisfied: Bool {
        if case .unsatisfied = account.outcome { true } else { false }
    }
}
