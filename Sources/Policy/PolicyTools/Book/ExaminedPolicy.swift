// SPDX-License-Identifier: EUPL-1.2
// Torhaus: PolicyTools answers questions about sets of rules, so that changing them is safe. This file: a policy with the name and place a person knows it by.

package import AccessPolicy
package import Cedar

/// A policy as the tools speak of it.
package struct ExaminedPolicy: Hashable, Sendable {
    package let policy: CedarPolicy
    package let rule: PolicyRuleName
    /// Whether its form is given by Torhaus, so that nobody can write it better.
    package let isGiven: Bool

    package init(_ policy: CedarPolicy, _ rule: PolicyRuleName, isGiven: Bool = false) {
        self.policy = policy
        self.rule = rule
        self.isGiven = isGiven
    }

    package init(_ rule: PolicyRule) {
        self.init(rule.policy, rule.name, isGiven: rule.kind == .builtIn || rule.kind == .role)
    }

    package var name: String { rule.name }

    /// `file:line:column`, or the empty text for what is built in.
    package var place: String { rule.origin.file.isEmpty ? "" : rule.origin.description }

    /// Name and place for a line of text.
    package var label: String { "\(rule.name) (\(rule.origin))" }
}
