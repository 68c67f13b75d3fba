// SPDX-License-Identifier: EUPL-1.2
// Torhaus: AuthClient is the control plane's side of the sign-in service. It carries one PAM conversation over one
// connection to torhaus-authd. This file: what the rest of the control plane sees, so that tests can script it.

package import DaemonMessages

/// Opens PAM conversations and asks for groups.
package protocol SignInService: Sendable {
    /// Begins a conversation and waits for its first reply.
    ///
    /// The reply asks at least one question, or ends the conversation: messages without a question are kept for the next
    /// page, see ``SignInConversation/messages()``.
    func begin(
        _ request: SignInBegin
    ) async throws(AuthClientError) -> (conversation: any SignInConversation, reply: SignInReply)

    /// A user's name and groups from NSS; nil when there is no such user.
    func lookUpGroups(_ user: String) async throws(AuthClientError) -> SignInIdentity?
}

/// One PAM conversation.
package protocol SignInConversation: AnyObject, Sendable {
    /// Gives one answer for each question and waits for the next reply.
    func answer(_ answers: [[UInt8]]) async throws(AuthClientError) -> SignInReply

    /// Ends it; may be called at any time and more than once.
    func abandon() async

    /// What modules said after the last question, such as "your password expires in 3 days"; empties the store.
    func messages() async -> [SignInPrompt]

    /// Whose expired password was changed since the last call; nil when none was.
    ///
    /// To be asked after every reply, also after one that failed: the password is changed whatever comes after it.
    func changedPassword() async -> SignInIdentity?
}

extension SignInService {
    /// For pages that know one kind of trouble only: every error is `failed(.unavailable)`, without a conversation.
    package func beginOrUnavailable(
        _ request: SignInBegin
    ) async -> (conversation: (any SignInConversation)?, reply: SignInReply) {
        do {
            let (conversation, reply) = try await begin(request)
            return (conversation, reply)
        } catch {
            return (nil, .unavailable)
        }
    }
}

extension SignInConversation {
    /// Like ``answer(_:)``; every error is `failed(.unavailable)`.
    package func answerOrUnavailable(_ answers: [[UInt8]]) async -> SignInReply {
        do {
            return try await answer(answers)
        } catch {
            return .unavailable
        }
    }
}

extension SignInReply {
    /// The service is in trouble.
    package static var unavailable: SignInReply {
        .failed(SignInFailure(code: .unavailable, retryAfterSeconds: 0))
    }
}
