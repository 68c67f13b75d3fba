// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a sign-in service whose people each behave in one way.

package import AuthClient
package import DaemonMessages
import Synchronization

/// Answers by user name; the password is `richtig`, the code `123456`.
package final class ScriptedSignIn: SignInService {
    private let state = Mutex(State())

    private struct State {
        var begun: [SignInBegin] = []
        var abandoned = 0
        var answers: [[[UInt8]]] = []
    }

    package init() {}

    package var begun: [SignInBegin] { state.withLock { $0.begun } }
    package var abandoned: Int { state.withLock { $0.abandoned } }
    package var answers: [[[UInt8]]] { state.withLock { $0.answers } }

    package func begin(
        _ request: SignInBegin
    ) async throws(AuthClientError) -> (conversation: any SignInConversation, reply: SignInReply) {
        state.withLock { $0.begun.append(request) }
        let conversation = ScriptedConversation(service: self, user: request.user)
        return (conversation, await conversation.next())
    }

    package func lookUpGroups(_ user: String) async throws(AuthClientError) -> SignInIdentity? { nil }

    func noteAbandoned() { state.withLock { $0.abandoned += 1 } }
    func note(_ answers: [[UInt8]]) { state.withLock { $0.answers.append(answers) } }
}

/// One scripted conversation.
actor ScriptedConversation: SignInConversation {
    private let service: ScriptedSignIn
    private let user: String
    private var step = 0
    private var hasTold = false

    init(service: ScriptedSignIn, user: String) {
        self.service = service
        self.user = user
    }

    func answer(_ answers: [[UInt8]]) async throws(AuthClientError) -> SignInReply {
        service.note(answers)
        let texts = answers.map { String(decoding: $0, as: UTF8.self) }
        let isRight = zip(texts, expected).allSatisfy { $0 == $1 } && texts.count == expected.count
        step += 1
        return isRight ? next() : .failed(SignInFailure(code: .denied, retryAfterSeconds: 0))
    }

    func abandon() async { service.noteAbandoned() }

    func messages() async -> [SignInPrompt] {
        guard user == "hinweis" else { return [] }
        let text = "Your password will expire in 3 days."
        return [SignInPrompt(style: .info, meaning: .accountMessage, text: text)]
    }

    /// The second step of `alt`, the only one of `ausgesperrt` and of `halb`.
    func changedPassword() async -> SignInIdentity? {
        let isChanged =
            switch (user, step) {
            case ("alt", 2), ("ausgesperrt", 1), ("halb", 1): true
            default: false
            }
        guard isChanged, !hasTold else { return nil }
        hasTold = true
        return SignInIdentity(user: user, displayName: "", groups: ["gemeinde-rhoenblick"])
    }

    private var expected: [String] {
        switch (user, step) {
        case ("beides", 0): ["richtig", "123456"]
        case ("otto", 1): ["123456"]
        case ("alt", 1): ["richtig", "ein ganz neues", "ein ganz neues"]
        case ("karte", 0): ["blau"]
        default: ["richtig"]
        }
    }

    func next() -> SignInReply {
        switch (user, step) {
        case ("viele", _): return .failed(SignInFailure(code: .tooManyTries, retryAfterSeconds: 30))
        case ("weg", _): return .failed(SignInFailure(code: .unavailable, retryAfterSeconds: 0))
        case ("beides", 0):
            return .prompts([Self.password, Self.code])
        case ("karte", 0):
            return .prompts([
                SignInPrompt(style: .info, meaning: .other, text: "Look <here> & answer"),
                SignInPrompt(style: .visible, meaning: .other, text: "Favourite colour:"),
            ])
        case (_, 0): return .prompts([Self.password])
        case ("otto", 1): return .prompts([Self.code])
        case ("alt", 1):
            return .prompts([
                SignInPrompt(style: .error, meaning: .passwordExpired, text: "Password expired. Change now."),
                SignInPrompt(style: .hidden, meaning: .currentPassword, text: "Current Password: "),
                SignInPrompt(style: .hidden, meaning: .newPassword, text: "New Password: "),
                SignInPrompt(style: .hidden, meaning: .newPasswordAgain, text: "Reenter new Password: "),
            ])
        case ("halb", _): return .unavailable
        case ("gesperrt", _): return .failed(SignInFailure(code: .accountUnusable, retryAfterSeconds: 0))
        default:
            let name = user == "anna" ? "Anna Groß" : ""
            let groups = user == "fremd" ? [] : ["gemeinde-rhoenblick"]
            return .succeeded(
                SignInSuccess(
                    identity: SignInIdentity(user: user, displayName: name, groups: groups),
                    passwordChanged: user == "alt" || user == "ausgesperrt",
                    secondFactor: user == "otto" || user == "beides" ? .totp : .none
                )
            )
        }
    }

    private static let password = SignInPrompt(style: .hidden, meaning: .password, text: "Password: ")
    private static let code = SignInPrompt(
        style: .visible,
        meaning: .oneTimeCode,
        text: "One-time password: "
    )
}
