// SPDX-License-Identifier: EUPL-1.2
// Torhaus: AuditReading finds records in large logs, shows and exports them, and answers for months and persons.
// Its index can be thrown away and made again from the log; whoever reads through it is on record first.

/// Reading did not work.
package struct ReadingError: Error, Sendable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        /// The index cannot be opened or read; making it again mends it.
        case index
        /// The log cannot be read, or a record in it is none.
        case log
        /// The question makes no sense or is too large.
        case question
        /// The reading could not be recorded, so nothing was shown.
        case notRecorded
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
