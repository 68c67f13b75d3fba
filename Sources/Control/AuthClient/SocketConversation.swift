// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a PAM conversation over its own connection.

internal import DaemonMessages

/// Puts messages without a question together with the next question, and closes the connection at the end.
actor SocketConversation: SignInConversation {
    private let line: AuthLine
    private var waiting: [SignInPrompt] = []
    private var changed: SignInIdentity?
    private var isOver = false
    private var isBusy = false

    init(line: AuthLine) { self.line = line }

    deinit { line.close() }

    func answer(_ answers: [[UInt8]]) async throws(AuthClientError) -> SignInReply {
        try await ask(.answer(answers))
    }

    func abandon() {
        isOver = true
        line.close()
    }

    func messages() -> [SignInPrompt] {
        defer { waiting = [] }
        return waiting
    }

    func changedPassword() -> SignInIdentity? {
        defer { changed = nil }
        return changed
    }

    /// Whether ``changedPassword()`` has an answer.
    var knowsOfChange: Bool { changed != nil }

    /// One request, and replies until one asks or ends.
    func ask(_ request: SignInRequest) async throws(AuthClientError) -> SignInReply {
        guard !isOver, !isBusy else {
            throw AuthClientError(.outOfTurn, "the conversation does not wait for answers")
        }
        isBusy = true
        defer { isBusy = false }
        do throws(AuthClientError) {
            var reply = try await line.exchange(request)
            while true {
                switch reply {
                case .prompts(let prompts):
                    waiting += prompts
                    if prompts.contains(where: { $0.style == .hidden || $0.style == .visible }) {
                        return .prompts(messages())
                    }
                case .passwordChanged(let identity):
                    changed = identity
                case .groups:
                    throw AuthClientError(.protocolViolation, "the reply answers no sign-in")
                case .succeeded, .failed:
                    abandon()
                    return reply
                }
                reply = try await line.next()
            }
        } catch {
            abandon()
            throw error
        }
    }
}
