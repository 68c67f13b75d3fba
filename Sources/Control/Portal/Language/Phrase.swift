// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the sentences that code chooses; templates name the others themselves.

/// A sentence's place in the catalogue, `page.name`.
enum Phrase: String, Sendable, CaseIterable {
    case titleSignIn = "titles.signIn"
    case titleAnswers = "titles.answers"
    case titleDesktops = "titles.desktops"
    case titleDesktop = "titles.desktop"
    case titleHelp = "titles.help"
    case titleAccessibility = "titles.accessibility"
    case titleEasyLanguage = "titles.easyLanguage"
    case titleForward = "titles.forward"

    case failureDenied = "failure.denied"
    case failureAccountUnusable = "failure.accountUnusable"
    case failurePasswordNotChanged = "failure.passwordNotChanged"
    case failureTimedOut = "failure.timedOut"
    case failureTooManyTries = "failure.tooManyTries"
    case failureUnavailable = "failure.unavailable"
    case failureUserNameMissing = "failure.userNameMissing"
    case failureUserNameTooLong = "failure.userNameTooLong"
    case failureFormExpired = "failure.formExpired"
    case failureCrowded = "failure.crowded"

    case noticeSignedOut = "notice.signedOut"
    case noticeExpired = "notice.expired"
    case noticePasswordChanged = "notice.passwordChanged"
    case noticeExtended = "notice.extended"

    case promptPassword = "prompt.password"
    case promptOneTimeCode = "prompt.oneTimeCode"
    case promptOneTimeCodeHint = "prompt.oneTimeCodeHint"
    case promptCurrentPassword = "prompt.currentPassword"
    case promptNewPassword = "prompt.newPassword"
    case promptNewPasswordHint = "prompt.newPasswordHint"
    case promptNewPasswordAgain = "prompt.newPasswordAgain"
    case promptOther = "prompt.other"
    case messagePasswordExpired = "prompt.passwordExpired"
    case messagePasswordRejected = "prompt.passwordRejected"
    case messagePasswordChanged = "prompt.passwordChanged"
    case messageAccount = "prompt.accountMessage"
    case messageOther = "prompt.otherMessage"

    case sessionEndsAt = "session.endsAt"
    case sessionEndsFinally = "session.endsFinally"
    case desktopsTicket = "desktops.ticket"

    case errorTitleBadRequest = "error.badRequestTitle"
    case errorBadRequest = "error.badRequest"
    case errorTitleForbidden = "error.forbiddenTitle"
    case errorForbidden = "error.forbidden"
    case errorTitleNotFound = "error.notFoundTitle"
    case errorNotFound = "error.notFound"
    case errorTitleMethod = "error.methodTitle"
    case errorMethod = "error.method"
    case errorTitleTooLarge = "error.tooLargeTitle"
    case errorTooLarge = "error.tooLarge"
    case errorTitleContentType = "error.contentTypeTitle"
    case errorContentType = "error.contentType"
    case errorTitleTooSlow = "error.tooSlowTitle"
    case errorTooSlow = "error.tooSlow"
    case errorTitleRefused = "error.refusedTitle"
    case errorTitleInternal = "error.internalTitle"
    case errorInternal = "error.internal"
    case nextBack = "error.nextBack"
    case nextRefused = "error.nextRefused"
    case nextLater = "error.nextLater"

    /// Page and name.
    var path: (page: String, name: String) {
        let parts = rawValue.split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { preconditionFailure("a phrase has a page and a name: \(rawValue)") }
        return (parts[0], parts[1])
    }
}
