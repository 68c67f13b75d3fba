// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what is wrong with a settings file, all of it at once.

/// Every mistake of one settings file.
package struct SettingsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One mistake.
    package struct Problem: Hashable, Sendable, CustomStringConvertible {
        /// From 1; nil when something is missing from the file as a whole.
        package let line: Int?
        package let key: String
        /// One lower-case sentence without a full stop.
        package let message: String

        /// Line, key and message, such as `line 4: basic: expected yes or no`.
        package var description: String {
            let place = line.map { "line \($0): " } ?? ""
            return "\(place)\(key): \(message)"
        }
    }

    /// At least one, in the order of the file; those without a line last.
    package let problems: [Problem]

    /// One problem per line.
    package var description: String {
        problems.map(\.description).joined(separator: "\n")
    }
}
