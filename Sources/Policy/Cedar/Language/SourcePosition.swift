// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a place in a policy, schema or JSON text.

/// A place in a text; lines and columns count from 1, columns count Unicode scalars.
package struct SourcePosition: Hashable, Sendable, CustomStringConvertible {
    package let line: Int32
    package let column: Int32

    package init(line: Int32, column: Int32) {
        self.line = line
        self.column = column
    }

    /// The start of a text.
    package static let start = SourcePosition(line: 1, column: 1)

    package var description: String { "\(line):\(column)" }
}
