// SPDX-License-Identifier: EUPL-1.2
// Torhaus: why the sign-in service could not be asked.

/// For the log; the person is told that signing in is not possible now.
package struct AuthClientError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// No connection, or it was closed without a reply.
        case unavailable
        /// No reply in time.
        case timedOut
        /// A reply that cannot be read, or has no place here.
        case protocolViolation
        /// Answered while another answer was on its way, or after the end: our own mistake.
        case outOfTurn
    }

    package let code: Code
    /// One lower-case sentence for the log.
    package let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Such as `unavailable: the connection was closed`.
    package var description: String { "\(code.rawValue): \(message)" }
}
