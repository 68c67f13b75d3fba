// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one PAM conversation, as torhausd and torhaus-authd speak of it. One connection carries one conversation.

/// From `torhausd` to `torhaus-authd`.
package enum SignInRequest: Hashable, Sendable {
    /// First on a connection, once.
    case begin(SignInBegin)
    /// One answer for each prompt that wants one, in order; only after `prompts`.
    case answer([[UInt8]])
    /// Ends the conversation; closing the connection means the same.
    case abandon
    /// First on a connection instead of `begin`: the groups of a user by NSS.
    case lookUpGroups(user: String)
}

extension SignInRequest {
    /// Overwrites the answers, which are secrets; nothing is left to pass on.
    ///
    /// Copies made elsewhere are not reached.
    package mutating func wipe() {
        guard case .answer(var answers) = self else { return }
        // The only owner from here, so the bytes themselves are overwritten and no copy of them.
        self = .abandon
        for index in answers.indices {
            unsafe answers[index].withUnsafeMutableBufferPointer { unsafe $0.update(repeating: 0) }
        }
    }
}

/// The start of a conversation.
package struct SignInBegin: Hashable, Sendable {
    /// As typed.
    package var user: String
    /// The client's address as text, for PAM_RHOST and the growing delay.
    package var remoteHost: String
    /// Names the browser's TLS connection in all logs.
    package var correlation: CorrelationID

    /// Takes every field as it is.
    package init(user: String, remoteHost: String, correlation: CorrelationID) {
        self.user = user
        self.remoteHost = remoteHost
        self.correlation = correlation
    }
}

/// From `torhaus-authd` to `torhausd`.
package enum SignInReply: Hashable, Sendable {
    /// PAM wants answers, or has something to say; messages without a question need none.
    case prompts([SignInPrompt])
    /// An expired password was changed just now; nothing is asked, and what follows may still fail.
    ///
    /// At most once, before the end of the conversation.
    case passwordChanged(SignInIdentity)
    case succeeded(SignInSuccess)
    case failed(SignInFailure)
    /// Answers `lookUpGroups`; nil user means that NSS knows no such user.
    case groups(SignInIdentity?)
}

/// One message of a PAM module.
package struct SignInPrompt: Hashable, Sendable {
    /// How PAM wants it shown.
    package enum Style: UInt8, Hashable, Sendable, CaseIterable {
        /// PAM_PROMPT_ECHO_OFF
        case hidden = 1
        /// PAM_PROMPT_ECHO_ON
        case visible = 2
        /// PAM_ERROR_MSG
        case error = 3
        /// PAM_TEXT_INFO
        case info = 4
    }

    /// What the prompt seems to want, so that the page can word it in the person's language.
    package enum Meaning: UInt8, Hashable, Sendable, CaseIterable {
        case other = 0
        case password = 1
        case oneTimeCode = 2
        case currentPassword = 3
        case newPassword = 4
        case newPasswordAgain = 5
        case passwordExpired = 6
        case passwordRejected = 7
        case passwordChanged = 8
        case accountMessage = 9
    }

    /// How PAM wants it shown.
    package var style: Style
    /// What it seems to want.
    package var meaning: Meaning
    /// The module's own text, control characters removed, cut at 512 bytes.
    package var text: String

    /// Takes every field as it is.
    package init(style: Style, meaning: Meaning, text: String) {
        self.style = style
        self.meaning = meaning
        self.text = text
    }
}

/// A person as NSS knows them.
package struct SignInIdentity: Hashable, Sendable {
    /// PAM_USER as the modules left it.
    package var user: String
    /// Full name from NSS (first GECOS field), or empty.
    package var displayName: String
    /// Group names from NSS, sorted.
    package var groups: [String]

    /// Takes every field as it is.
    package init(user: String, displayName: String, groups: [String]) {
        self.user = user
        self.displayName = displayName
        self.groups = groups
    }
}

/// The second factor that a person showed beside the password.
package enum SignInFactor: UInt8, Hashable, Sendable, CaseIterable {
    case none = 0
    /// A one-time code.
    case totp = 1
    /// A yes on another device.
    case push = 2
    case webauthn = 3
    case smartcard = 4

    /// The word for it in PAM's environment, in stored records and in the rules.
    package var word: String {
        switch self {
        case .none: "none"
        case .totp: "totp"
        case .push: "push"
        case .webauthn: "webauthn"
        case .smartcard: "smartcard"
        }
    }

    /// Nil for a word that names none of them.
    package init?(word: String) {
        guard let factor = Self.allCases.first(where: { $0.word == word }) else { return nil }
        self = factor
    }
}

/// PAM let the person in.
package struct SignInSuccess: Hashable, Sendable {
    /// Who it is.
    package var identity: SignInIdentity
    /// True when an expired password was changed on the way.
    package var passwordChanged: Bool
    /// What was shown beside the password.
    package var secondFactor: SignInFactor

    /// Takes every field as it is.
    package init(identity: SignInIdentity, passwordChanged: Bool, secondFactor: SignInFactor) {
        self.identity = identity
        self.passwordChanged = passwordChanged
        self.secondFactor = secondFactor
    }
}

/// PAM did not let the person in.
package struct SignInFailure: Hashable, Sendable {
    /// Why, as far as anybody may know.
    package enum Code: UInt8, Hashable, Sendable, CaseIterable {
        /// Wrong, unknown, locked: nothing tells which.
        case denied = 1
        /// The password was right but the account may not be used now (expired, disabled, no access).
        case accountUnusable = 2
        /// An expired password was not changed.
        case passwordNotChanged = 3
        /// Too slow.
        case timedOut = 4
        /// Too many tries from this source for this user.
        case tooManyTries = 5
        /// The sign-in service itself is in trouble.
        case unavailable = 6
    }

    /// Why, as far as anybody may know.
    package var code: Code
    /// Seconds until another try makes sense; 0 when at once.
    package var retryAfterSeconds: UInt32

    /// Takes every field as it is.
    package init(code: Code, retryAfterSeconds: UInt32) {
        self.code = code
        self.retryAfterSeconds = retryAfterSeconds
    }
}
