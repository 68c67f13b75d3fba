// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the sign-in templates are given.

/// `sign-in.mustache`.
struct SignInPage {
    var username = ""
    var error: FailureNote?
    var notice: String?
}

/// A failure as a person reads it.
struct FailureNote {
    let sentence: String
    /// For the help desk, or nil.
    let reference: String?
    /// Seconds until another try makes sense, for the counting script, or nil.
    var waitSeconds: Int?
}

/// `answers.mustache`.
struct AnswersPage {
    struct Question {
        let id: String
        let name: String
        let label: String
        let hint: String?
        let hintID: String
        /// `password` or `text`.
        let type: String
        let autocomplete: String
        let isCode: Bool
        let isFirst: Bool
    }

    struct Message {
        let sentence: String
        /// What the module itself said, or nil.
        let detail: String?
        /// `alert` or `status`.
        let role: String
        let isError: Bool
    }

    let username: String
    let round: Int
    let messages: [Message]
    let questions: [Question]
    let minutes: Int
}
