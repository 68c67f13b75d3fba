// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what goes wrong between a log and its witness.

/// Why there is no cosignature, or no witness.
package struct WitnessError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of trouble it is.
    package enum Code: Hashable, Sendable {
        /// Files or arguments of the witness cannot be used.
        case setup
        /// No connection, no answer, or an answer that is none.
        case unreachable
        /// The witness does not know the log or its key.
        case refused
        /// The witness knows another history of this log than we have. Somebody must look.
        case contradiction
    }

    package let code: Code
    /// One lower-case sentence without a full stop.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
