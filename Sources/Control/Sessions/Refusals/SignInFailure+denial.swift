// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a failed PAM conversation as a refusal; its sentence tells nobody whether the name exists.

internal import DaemonMessages

extension AccessDenial {
    static func signIn(_ failure: SignInFailure) -> AccessDenial {
        switch failure.code {
        case .denied: credentialsWrong
        case .accountUnusable:
            AccessDenial(
                code: .accessDenied,
                reason: "account-unusable",
                text: LocalizedText(
                    german:
                        "Ihr Konto kann im Moment nicht benutzt werden. Bitte wenden Sie sich an Ihre IT.",
                    english: "Your account cannot be used at the moment. Please contact your IT department."
                )
            )
        case .passwordNotChanged:
            AccessDenial(
                code: .credentialsWrong,
                reason: "password-not-changed",
                text: LocalizedText(
                    german:
                        "Ihr Passwort ist abgelaufen und wurde nicht geändert. Bitte melden Sie sich erneut an.",
                    english: "Your password has expired and was not changed. Please sign in again."
                )
            )
        case .timedOut:
            AccessDenial(
                code: .credentialsWrong,
                reason: "sign-in-timed-out",
                text: LocalizedText(
                    german: "Die Anmeldung hat zu lange gedauert. Bitte beginnen Sie erneut.",
                    english: "The sign-in took too long. Please start again."
                )
            )
        case .tooManyTries:
            AccessDenial(
                code: .credentialsWrong,
                reason: "too-many-tries",
                text: LocalizedText(
                    german: "Zu viele Versuche. Bitte warten Sie, bevor Sie es erneut versuchen.",
                    english: "Too many tries. Please wait before you try again."
                ),
                detail: "retry after \(failure.retryAfterSeconds) s"
            )
        case .unavailable: unavailable("the sign-in service does not answer")
        }
    }
}
