// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what libpam answers.

internal import CPAM

/// A libpam return code, for decisions by kind and for the log by number.
package struct PAMStatus: Hashable, Sendable {
    /// The kinds that lead to different ways on.
    package enum Kind: Hashable, Sendable {
        case success
        /// The account is fine, its password must be changed first.
        case newPasswordRequired
        /// The stack itself is broken: a module is missing, a file cannot be read, memory is short.
        case brokenStack
        /// Everything else: whatever it says, the person does not get in by it.
        case refused
    }

    /// `PAM_AUTH_ERR` is 7, and so on.
    package let number: Int32

    /// Wraps libpam's number.
    package init(_ number: Int32) { self.number = number }

    /// What to do about it.
    package var kind: Kind {
        switch number {
        case PAM_SUCCESS: .success
        case PAM_NEW_AUTHTOK_REQD: .newPasswordRequired
        // Not among them: PAM_SYSTEM_ERR, which is pam_exec's word for "no", and PAM_AUTHINFO_UNAVAIL and
        // PAM_SERVICE_ERR, which modules also give for a single user.
        case PAM_OPEN_ERR, PAM_SYMBOL_ERR, PAM_BUF_ERR, PAM_ABORT, PAM_MODULE_UNKNOWN, PAM_BAD_ITEM,
            PAM_NO_MODULE_DATA:
            .brokenStack
        default: .refused
        }
    }
}

/// A call of libpam that failed before anything was decided.
package struct PAMError: Error, Hashable, Sendable, CustomStringConvertible {
    package let call: String
    package let status: PAMStatus

    init(call: String, status: Int32) {
        self.call = call
        self.status = PAMStatus(status)
    }

    /// Such as `pam_start: status 26`.
    package var description: String { "\(call): status \(status.number)" }
}
