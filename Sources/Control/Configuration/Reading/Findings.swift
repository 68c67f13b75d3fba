// SPDX-License-Identifier: EUPL-1.2
// Torhaus: collects what is wrong with one file while it is read.

/// A place in a file; both numbers count from 1.
struct Place: Hashable {
    let line: Int
    let column: Int
}

/// The mistakes and warnings of one file; shared by everything that reads it.
final class Findings {
    /// The file's path.
    let file: String
    private(set) var problems: [ConfigurationProblem] = []

    init(file: String) {
        self.file = file
    }

    func error(_ place: Place?, _ key: String, _ message: String, hint: String? = nil) {
        add(.error, place, key, message, hint)
    }

    func warning(_ place: Place?, _ key: String, _ message: String, hint: String? = nil) {
        add(.warning, place, key, message, hint)
    }

    /// Those of the severity, in the order of the lines.
    func sorted(_ severity: ConfigurationProblem.Severity) -> [ConfigurationProblem] {
        problems.filter { $0.severity == severity }
            .sorted { ($0.line ?? 0, $0.column ?? 0) < ($1.line ?? 0, $1.column ?? 0) }
    }

    private func add(
        _ severity: ConfigurationProblem.Severity,
        _ place: Place?,
        _ key: String,
        _ message: String,
        _ hint: String?
    ) {
        problems.append(
            ConfigurationProblem(
                severity: severity,
                file: file,
                line: place?.line,
                column: place?.column,
                key: key,
                message: message,
                hint: hint
            )
        )
    }
}
