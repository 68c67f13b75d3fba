// SPDX-License-Identifier: EUPL-1.2
// Torhaus: Store keeps tickets, reasons and web sessions in SQLite, and the audit trail's first version in a
// file. Nothing else knows that it is SQLite.

/// The store could not do what was asked.
package struct StoreError: Error, Sendable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        /// The file cannot be opened, is damaged, or belongs to a newer version.
        case unusable
        /// A row does not read as what was written.
        case damagedRecord
    }

    package let code: Code
    package let message: String
    package let cause: (any Error)?

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    package var description: String { cause.map { "\(message): \($0)" } ?? message }
}
