// SPDX-License-Identifier: EUPL-1.2
// Torhaus: PAM's prompts in the person's language.

import DaemonMessages

/// Turns prompts into questions and messages.
///
/// A module's own text is English, odd, or wrong for a web page, so it is shown only where nothing better is
/// known, and then below our own sentence.
struct PromptWording {
    let catalogue: Catalogue

    /// Questions in the order PAM wants its answers.
    func questions(_ prompts: [SignInPrompt]) -> [AnswersPage.Question] {
        let asking = prompts.filter(\.isQuestion)
        return asking.enumerated().map { index, prompt in
            AnswersPage.Question(
                id: "answer-\(index)",
                name: "answer-\(index)",
                label: catalogue.text(label(prompt)),
                hint: hint(prompt),
                hintID: "hint-\(index)",
                type: prompt.style == .hidden && prompt.meaning != .oneTimeCode ? "password" : "text",
                autocomplete: autocomplete(prompt),
                isCode: prompt.meaning == .oneTimeCode,
                isFirst: index == 0
            )
        }
    }

    /// What PAM has to say.
    func messages(_ prompts: [SignInPrompt]) -> [AnswersPage.Message] {
        prompts.filter { !$0.isQuestion }.map { prompt in
            // An expired password is a step to take, not a failure, whatever style the module chose.
            let isError =
                prompt.meaning == .passwordRejected
                || (prompt.style == .error && prompt.meaning != .passwordExpired)
            return AnswersPage.Message(
                sentence: catalogue.text(sentence(prompt)),
                detail: showsOwnText(prompt) ? prompt.text : nil,
                role: isError ? "alert" : "status",
                isError: isError
            )
        }
    }

    private func label(_ prompt: SignInPrompt) -> Phrase {
        switch prompt.meaning {
        case .password: .promptPassword
        case .oneTimeCode: .promptOneTimeCode
        case .currentPassword: .promptCurrentPassword
        case .newPassword: .promptNewPassword
        case .newPasswordAgain: .promptNewPasswordAgain
        case .other, .passwordExpired, .passwordRejected, .passwordChanged, .accountMessage: .promptOther
        }
    }

    private func hint(_ prompt: SignInPrompt) -> String? {
        switch prompt.meaning {
        case .oneTimeCode: catalogue.text(.promptOneTimeCodeHint)
        case .newPassword: catalogue.text(.promptNewPasswordHint)
        case .password, .currentPassword, .newPasswordAgain: nil
        case .other, .passwordExpired, .passwordRejected, .passwordChanged, .accountMessage:
            prompt.text.isEmpty ? nil : prompt.text
        }
    }

    private func autocomplete(_ prompt: SignInPrompt) -> String {
        switch prompt.meaning {
        case .password, .currentPassword: "current-password"
        case .oneTimeCode: "one-time-code"
        case .newPassword, .newPasswordAgain: "new-password"
        case .other, .passwordExpired, .passwordRejected, .passwordChanged, .accountMessage: "off"
        }
    }

    private func sentence(_ prompt: SignInPrompt) -> Phrase {
        switch prompt.meaning {
        case .passwordExpired: .messagePasswordExpired
        case .passwordRejected: .messagePasswordRejected
        case .passwordChanged: .messagePasswordChanged
        case .accountMessage: .messageAccount
        case .other, .password, .oneTimeCode, .currentPassword, .newPassword, .newPasswordAgain: .messageOther
        }
    }

    private func showsOwnText(_ prompt: SignInPrompt) -> Bool {
        guard !prompt.text.isEmpty else { return false }
        switch prompt.meaning {
        case .passwordExpired, .passwordRejected, .passwordChanged: return false
        default: return true
        }
    }
}

extension SignInPrompt {
    /// Whether it wants an answer.
    var isQuestion: Bool {
        switch style {
        case .hidden, .visible: true
        case .error, .info: false
        }
    }
}
