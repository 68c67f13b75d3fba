// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a rule in force.

package import Cedar

/// A Cedar policy with its name and where it comes from.
package struct PolicyRule: Sendable {
    /// What it was made of.
    package enum Kind: String, Hashable, Sendable {
        /// The same at every gate.
        case builtIn = "built-in"
        /// A pool's groups and hours.
        case pool
        /// A row of `access:`.
        case row
        /// Groups of `roles:`.
        case role
        /// A policy in a file of guardrails.
        case guardrail
    }

    package let name: PolicyRuleName
    package let kind: Kind
    /// Its id is the rule's name.
    package let policy: CedarPolicy
    /// What its annotations say.
    package let annotations: PolicyAnnotations

    /// As Cedar.
    package var text: String { policy.text }
}
