// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the answer of the policy.

/// Why something is refused, as far as a person needs to know; raw values go into records.
package enum PolicyReason: String, Hashable, Sendable, CaseIterable {
    /// The person belongs to no municipality and is in no group that a rule names.
    case unknownPerson = "unknown-person"
    /// There are rules, and none is for this person's groups.
    case notMember = "not-in-group"
    /// There is no rule at all that could allow it.
    case noRule = "no-rule"
    /// Not now.
    case outsideHours = "outside-hours"
    /// Not from this network.
    case zone = "network-zone"
    /// Not without a second factor, or another, or a fresher one.
    case factor = "second-factor"
    /// Not from this machine.
    case device
    /// Not with this kind of client.
    case client = "client-kind"
    /// A guardrail of the county forbids it.
    case guardrail
    /// There is no such desktop or municipality.
    case unknownTarget = "desktop-unknown"
    /// The rules could not be evaluated; refused to be on the safe side.
    case policyFault = "policy-fault"
}

/// A rule's name and where it stands.
package struct PolicyRuleName: Hashable, Sendable {
    /// `rhoenblick/access/homeoffice`, `rhoenblick/buero/groups`, `policies/mfa-outside`, `built-in/sign-in`.
    package let name: String
    package let origin: PolicyOrigin

    /// Both parts.
    package init(name: String, origin: PolicyOrigin) {
        self.name = name
        self.origin = origin
    }
}

/// A rule that could not be evaluated, for the event.
package struct PolicyFault: Hashable, Sendable {
    /// Nil when the question itself was at fault.
    package let rule: PolicyRuleName?
    /// One lower-case phrase.
    package let message: String

    /// Both parts.
    package init(rule: PolicyRuleName?, message: String) {
        self.rule = rule
        self.message = message
    }
}

/// The answer to one question.
package struct PolicyDecision: Hashable, Sendable {
    package var isAllowed: Bool
    /// When allowed the permits; when refused the forbids that decided, or the rule that came nearest.
    package var rules: [PolicyRuleName]
    /// Nil when allowed.
    package var reason: PolicyReason?
    /// Second factors that would turn the refusal into a grant; empty when none would.
    package var stepUp: [PolicyFactor]
    /// Of a grant.
    package var obligations: PolicyObligations
    /// What may pass; empty unless allowed to `connect`, `reconnect` or `keep`.
    package var redirections: Set<PolicyRedirection>
    /// Rules that could not be evaluated; to be reported even when the answer is a grant.
    package var faults: [PolicyFault]
    /// Names the set of policies that answered.
    package var version: String
}
