// SPDX-License-Identifier: EUPL-1.2
// Torhaus: AccessPolicy turns what a county and its municipalities write into one set of Cedar policies, and answers by it who may do what now. This file: where a rule was written.

package import Cedar

/// Where a rule stands, for messages and records.
package struct PolicyOrigin: Hashable, Sendable, CustomStringConvertible {
    /// The file's path as the operator knows it; empty for what is built in.
    package let file: String
    /// Line and column; nil when the rule stands in no text.
    package let position: SourcePosition?

    /// Both parts.
    package init(file: String, position: SourcePosition? = nil) {
        self.file = file
        self.position = position
    }

    /// What every gate does, wherever it stands.
    package static let builtIn = PolicyOrigin(file: "")

    /// `municipalities/rhoenblick.yaml:12:5`.
    package var description: String {
        guard !file.isEmpty else { return "built in" }
        return position.map { "\(file):\($0)" } ?? file
    }
}
