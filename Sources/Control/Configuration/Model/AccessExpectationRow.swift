// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what somebody expects of the rules, as it stands in a file.

package import AccessPolicy

/// One entry of `expect:` in a file `*.expect.yaml` beside the guardrails.
package struct AccessExpectationRow: Hashable, Sendable {
    package let name: String
    package let origin: PolicyOrigin
    package let user: String
    package let groups: [String]
    package let action: PolicyAction
    /// `municipality/pool` or `municipality/pool/desktop`; empty where the action is about no desktop.
    package let desktop: String
    /// For actions on the audit log; nil: the whole county.
    package let municipality: String?
    /// As written: `22:15`, `sat 9:00`, `2026-12-24 10:00`; nil: an ordinary noon.
    package let at: String?
    /// As written; nil: somewhere on the internet.
    package let from: String?
    package let factor: PolicyFactor
    package let factorSeconds: UInt32
    package let client: PolicyClientKind
    package let managedDevice: Bool
    package let isAllowed: Bool
    package let reason: PolicyReason?
    package let rule: String?
    package let passes: Set<PolicyRedirection>
    package let staysOut: Set<PolicyRedirection>
    package let idleSeconds: UInt32?
    package let longestSeconds: UInt32?
}
