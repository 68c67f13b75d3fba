// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what a check found.

/// One thing that is wrong, or looks wrong, with the rules.
package struct CheckFinding: Hashable, Sendable {
    package enum Severity: String, Hashable, Sendable {
        /// The set cannot be used.
        case error
        /// It can, and yet is probably not what its author meant.
        case warning
    }

    /// The kind of mistake, for programs; the raw value is part of the output.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Building the set found it: syntax, schema, annotations, pools and zones.
        case building = "building"
        /// It names a group or a person that the directory does not have.
        case unknownName = "unknown-name"
        /// A permit that looks at nothing but who and where.
        case noCondition = "no-condition"
        /// A permit for everybody, or for everything.
        case broadPermit = "broad-permit"
        /// Its conditions contradict each other.
        case neverMatches = "never-matches"
        /// Nothing the configuration has lies in its scope.
        case matchesNothing = "matches-nothing"
        /// Another rule says the same and more.
        case covered = "covered"
        /// A forbid takes away all that it grants.
        case forbidden = "forbidden"
        /// It looks at the hour in UTC.
        case utcHour = "utc-hour"
        /// A forbid that may fail, which refuses everybody in its scope.
        case fragileForbid = "fragile-forbid"
    }

    package let severity: Severity
    package let kind: Kind
    /// The rule; nil when the finding is about none.
    package let rule: String?
    /// `file:line` or `file:line:column`, or the empty text.
    package let place: String
    /// One lower-case phrase without full stop.
    package let message: String
    /// What to do about it, where that is known.
    package let hint: String?

    package init(
        _ severity: Severity,
        _ kind: Kind,
        rule: String?,
        place: String,
        _ message: String,
        hint: String? = nil
    ) {
        self.severity = severity
        self.kind = kind
        self.rule = rule
        self.place = place
        self.message = message
        self.hint = hint
    }
}

extension CheckFinding: CustomStringConvertible {
    /// The whole as one line: place, severity, rule, what, hint.
    package var description: String {
        let start = place.isEmpty ? "" : "\(place): "
        let owner = rule.map { "rule \($0): " } ?? ""
        let advice = hint.map { "; \($0)" } ?? ""
        return "\(start)\(severity.rawValue): \(owner)\(message)\(advice) [\(kind.rawValue)]"
    }
}
