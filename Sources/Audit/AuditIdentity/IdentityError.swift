// SPDX-License-Identifier: EUPL-1.2
// Torhaus: AuditIdentity keeps names and pseudonyms apart: it makes the pseudonyms of each month, seals every
// name so that two holders of different roles must agree to open it, and destroys the keys when time is up.

/// Something about identities could not be done.
package struct IdentityError: Error, Sendable, CustomStringConvertible {
    /// The raw value is the reason code of the refusal's record.
    package enum Code: String, Sendable, Hashable {
        /// A file or the map is missing, damaged or not ours.
        case unusable
        /// There is no such pseudonym, request, hold or holder.
        case unknown
        /// The request's time is over.
        case expired
        /// Somebody of this role agreed already.
        case sameRole = "same-role"
        /// The key does not open what was sealed for this holder.
        case wrongKey = "wrong-key"
        /// Purpose or case number is missing or too long.
        case noCase = "no-case"
        /// The period's keys were destroyed.
        case destroyed
        /// Fewer than two roles, a holder twice, or a key twice.
        case register
        /// What was to be done could not be recorded, so it was not done.
        case notRecorded = "not-recorded"
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
