// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what is wrong with the configuration, all of it at once.

/// One thing in a file that an operator should mend.
package struct ConfigurationProblem: Hashable, Sendable, CustomStringConvertible {
    /// Whether it stops the start.
    package enum Severity: Hashable, Sendable {
        case error
        case warning
    }

    package let severity: Severity
    /// The file it is in.
    package let file: String
    /// From 1; nil when it concerns the file as a whole.
    package let line: Int?
    /// From 1, counted in Unicode scalars.
    package let column: Int?
    /// The path of keys, such as `tls.certificates[0].chain`; empty for the file as a whole.
    package let key: String
    /// One lower-case sentence without a full stop.
    package let message: String
    /// What to do about it.
    package let hint: String?

    /// All parts.
    package init(
        severity: Severity = .error,
        file: String,
        line: Int? = nil,
        column: Int? = nil,
        key: String = "",
        message: String,
        hint: String? = nil
    ) {
        self.severity = severity
        self.file = file
        self.line = line
        self.column = column
        self.key = key
        self.message = message
        self.hint = hint
    }

    /// A block of one or two lines: place, key and message, and the hint.
    package var description: String {
        var text = file
        if let line { text += ":\(line)" }
        if let column { text += ":\(column)" }
        if !key.isEmpty { text += ": \(key)" }
        text += ": \(message)"
        if let hint { text += "\n  hint: \(hint)" }
        return text
    }
}

/// The configuration cannot be used; every reason at once.
package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// At least one, file by file, in the order of the lines.
    package let problems: [ConfigurationProblem]
    /// What would have been warned of.
    package let warnings: [ConfigurationProblem]

    /// One block per problem.
    package var description: String { problems.map(\.description).joined(separator: "\n") }
}
