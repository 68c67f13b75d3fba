// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what is wrong with the rules.

/// One thing that should be mended.
package struct PolicyFinding: Hashable, Sendable, CustomStringConvertible {
    /// Whether the set can be used.
    package enum Severity: String, Hashable, Sendable {
        case error
        case warning
    }

    package let severity: Severity
    /// The rule's name, or empty.
    package let rule: String
    package let origin: PolicyOrigin
    /// One lower-case phrase without full stop.
    package let message: String
    package let hint: String?

    /// All parts.
    package init(
        _ severity: Severity,
        rule: String = "",
        origin: PolicyOrigin,
        _ message: String,
        hint: String? = nil
    ) {
        self.severity = severity
        self.rule = rule
        self.origin = origin
        self.message = message
        self.hint = hint
    }

    /// Place, rule, message and hint.
    package var description: String {
        let owner = rule.isEmpty ? "" : " \(rule):"
        return "\(origin):\(owner) \(message)" + (hint.map { "\n  hint: \($0)" } ?? "")
    }
}

/// The one error of this target: the rules cannot be used; every reason at once.
package struct PolicyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// At least one of severity `.error`.
    package let findings: [PolicyFinding]

    /// One block per finding.
    package var description: String { findings.map(\.description).joined(separator: "\n") }
}
