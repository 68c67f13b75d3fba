// SPDX-License-Identifier: EUPL-1.2
// Torhaus: why a sign-in did not work, as far as a person may know.

import DaemonMessages
import HTTPTypes

/// One sentence for each kind of failure; unknown people and wrong passwords share theirs.
enum FailureWording {
    static func phrase(_ code: SignInFailure.Code) -> Phrase {
        switch code {
        case .denied: .failureDenied
        case .accountUnusable: .failureAccountUnusable
        case .passwordNotChanged: .failurePasswordNotChanged
        case .timedOut: .failureTimedOut
        case .tooManyTries: .failureTooManyTries
        case .unavailable: .failureUnavailable
        }
    }

    /// Not 200: password managers offer to store what was typed when a form succeeds.
    static func status(_ code: SignInFailure.Code) -> HTTPResponse.Status {
        switch code {
        case .tooManyTries: .tooManyRequests
        case .unavailable: .serviceUnavailable
        case .denied, .accountUnusable, .passwordNotChanged, .timedOut: .forbidden
        }
    }

    static func note(_ failure: SignInFailure, reference: String, catalogue: Catalogue) -> FailureNote {
        let wait = failure.retryAfterSeconds == 0 ? nil : Int(failure.retryAfterSeconds)
        return FailureNote(
            sentence: catalogue.text(phrase(failure.code), ["seconds": String(wait ?? 60)]),
            reference: reference.isEmpty ? nil : reference,
            waitSeconds: wait
        )
    }
}
