// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the answer of a set of policies.

package enum CedarDecision: String, Hashable, Sendable {
    case allow
    case deny
}

/// A policy that could not be evaluated; Cedar skips it.
package struct CedarPolicyFault: Hashable, Sendable {
    package let policy: CedarText
    package let effect: CedarEffect
    package let error: CedarError

    package init(policy: CedarText, effect: CedarEffect, error: CedarError) {
        self.policy = policy
        self.effect = effect
        self.error = error
    }
}

/// The decision, the policies that made it and the policies that failed.
package struct CedarResponse: Hashable, Sendable {
    package let decision: CedarDecision
    /// Satisfied forbids if there are any, else satisfied permits; in the order of the set.
    package let reasons: [CedarText]
    /// Policies whose evaluation failed; in the order of the set.
    package let faults: [CedarPolicyFault]

    package init(decision: CedarDecision, reasons: [CedarText], faults: [CedarPolicyFault]) {
        self.decision = decision
        self.reasons = reasons
        self.faults = faults
    }
}
