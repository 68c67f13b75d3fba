// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what somebody expects of the rules, and whether they keep it.

package import AccessPolicy

/// One expectation: a question, and what the answer must be.
package struct AccessExpectation: Sendable {
    package let name: String
    package let origin: PolicyOrigin
    package let user: String
    package let groups: [String]
    package let action: PolicyAction
    package let target: PolicyTarget
    package let circumstances: PolicyCircumstances
    package let isAllowed: Bool
    /// The reason of a refusal; nil: any.
    package let reason: PolicyReason?
    /// A rule that must be among those that decided; nil: any.
    package let rule: String?
    /// What must pass, and what must not.
    package let passes: Set<PolicyRedirection>
    package let staysOut: Set<PolicyRedirection>
    /// The limits that must be in force in seconds; nil: any.
    package let idleSeconds: UInt32?
    package let longestSeconds: UInt32?

    package init(
        name: String,
        origin: PolicyOrigin,
        user: String,
        groups: [String],
        action: PolicyAction = .connect,
        target: PolicyTarget,
        circumstances: PolicyCircumstances,
        isAllowed: Bool,
        reason: PolicyReason? = nil,
        rule: String? = nil,
        passes: Set<PolicyRedirection> = [],
        staysOut: Set<PolicyRedirection> = [],
        idleSeconds: UInt32? = nil,
        longestSeconds: UInt32? = nil
    ) {
        self.name = name
        self.origin = origin
        self.user = user
        self.groups = groups
        self.action = action
        self.target = target
        self.circumstances = circumstances
        self.isAllowed = isAllowed
        self.reason = reason
        self.rule = rule
        self.passes = passes
        self.staysOut = staysOut
        self.idleSeconds = idleSeconds
        self.longestSeconds = longestSeconds
    }

    /// The question for a set.
    package func question(_ set: AccessPolicySet) -> PolicyQuestion {
        PolicyQuestion(set.person(user, groups: groups), action, target, circumstances)
    }

    /// What is not as expected, one phrase each; empty when all is.
    package func failures(_ set: AccessPolicySet) -> [String] {
        let decision = set.decide(question(set))
        let rules = decision.rules.map(\.name)
        let by = rules.isEmpty ? "" : " by \(rules.joined(separator: ", "))"
        guard decision.isAllowed == isAllowed else {
            return decision.isAllowed
                ? ["expected a refusal, is allowed\(by)"]
                : ["expected to be allowed, is refused: \(decision.reason?.rawValue ?? "no reason")\(by)"]
        }
        var failures: [String] = []
        if let reason, decision.reason != reason {
            failures.append(
                "expected the reason \(reason.rawValue), is \(decision.reason?.rawValue ?? "none")"
            )
        }
        if let rule, !rules.contains(rule) {
            failures.append("expected the rule \(rule), decided\(by.isEmpty ? " by none" : by)")
        }
        for redirection in passes.subtracting(decision.redirections).sorted() {
            failures.append("expected \(redirection.rawValue) to pass, does not")
        }
        for redirection in staysOut.intersection(decision.redirections).sorted() {
            failures.append("expected \(redirection.rawValue) not to pass, does")
        }
        failures += Self.limit("idle", idleSeconds, decision.obligations.idleSeconds)
        failures += Self.limit("longest", longestSeconds, decision.obligations.longestSeconds)
        return failures
    }

    private static func limit(_ name: String, _ wanted: UInt32?, _ found: UInt32) -> [String] {
        guard let wanted, wanted != found else { return [] }
        return ["expected \(name) to be \(wanted) s, is \(found == 0 ? "unlimited" : "\(found) s")"]
    }
}

extension Sequence<PolicyRedirection> {
    /// By name.
    package func sorted() -> [PolicyRedirection] { sorted { $0.rawValue < $1.rawValue } }
}
