// SPDX-License-Identifier: EUPL-1.2
// Torhaus: HTTP Basic credentials as a PAM conversation without a person.

import AuthClient
import DaemonMessages
import LinuxKit
import Sessions

/// Answers the first hidden prompt with the password, and a prompt for a one-time code with what stands behind the
/// last comma of the secret.
struct BasicConversation: Sendable {
    /// One-time codes have six to eight digits (RFC 6238).
    private static let codeDigits = 6...8
    /// Rounds of prompts that make sense for a password and a code.
    private static let maximumRounds = 4

    let signIn: any SignInService
    /// Milliseconds since 1970.
    let now: @Sendable () -> UInt64

    /// Who it is, when the credentials answer everything that PAM asks; nobody when a password must be changed.
    func signIn(user: String, secret: [UInt8], client: ClientContext) async -> BasicOutcome {
        var outcome = BasicOutcome()
        guard let address = NetworkAddress(bytes: client.address.bytes, port: 0) else { return outcome }
        var (conversation, reply) = await signIn.beginOrUnavailable(
            SignInBegin(user: user, remoteHost: address.host, correlation: client.correlation)
        )
        let (password, code) = Self.split(secret)
        for _ in 0..<Self.maximumRounds {
            guard case .prompts(let prompts) = reply, let conversation else { break }
            guard let answers = Self.answers(to: prompts, password, code) else { break }
            reply = await conversation.answerOrUnavailable(answers)
        }
        // A module may change a password without a question that we would leave open.
        if let identity = await conversation?.changedPassword() { outcome.changed = person(identity) }
        guard case .succeeded(let success) = reply, !success.passwordChanged else {
            await conversation?.abandon()
            return outcome
        }
        outcome.person = person(success.identity, secondFactor: success.secondFactor)
        return outcome
    }

    private func person(_ identity: SignInIdentity, secondFactor: SignInFactor = .none) -> SignedInPerson {
        SignedInPerson(
            user: identity.user,
            displayName: identity.displayName,
            groups: identity.groups,
            secondFactor: secondFactor,
            signedInAt: now()
        )
    }

    private static func answers(
        to prompts: [SignInPrompt],
        _ password: [UInt8],
        _ code: [UInt8]?
    ) -> [[UInt8]]? {
        var answers: [[UInt8]] = []
        for prompt in prompts where prompt.style == .hidden || prompt.style == .visible {
            switch prompt.meaning {
            case .password, .other: answers.append(password)
            case .oneTimeCode:
                guard let code else { return nil }
                answers.append(code)
            default: return nil
            }
        }
        return answers
    }

    /// `password,123456` has a code; a password alone has none.
    static func split(_ secret: [UInt8]) -> (password: [UInt8], code: [UInt8]?) {
        guard let comma = secret.lastIndex(of: UInt8(ascii: ",")) else { return (secret, nil) }
        let tail = Array(secret[secret.index(after: comma)...])
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard codeDigits.contains(tail.count), tail.allSatisfy({ digits.contains($0) }) else {
            return (secret, nil)
        }
        return (Array(secret[..<comma]), tail)
    }
}
