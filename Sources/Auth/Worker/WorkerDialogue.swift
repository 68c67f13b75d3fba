// SPDX-License-Identifier: EUPL-1.2
// Torhaus: carries the modules' messages to the client and its answers back.

internal import DaemonMessages
internal import Glibc
internal import LinuxKit
internal import PAMKit

/// Collects messages until a question is asked, and sends all of them as one reply.
final class WorkerDialogue: PAMConversing {
    /// Which call of PAM runs now.
    var phase = PromptReading.Phase.authenticate
    private(set) var secondFactor = SecondFactor()
    /// The client left while a module waited: the outcome interests nobody.
    private(set) var isAbandoned = false
    private let line: WorkerLine
    private var waiting: [SignInPrompt] = []

    init(line: WorkerLine) { self.line = line }

    // MARK: PAMConversing

    func answers(to messages: [PAMMessage]) -> [[UInt8]]? {
        guard !isAbandoned else { return nil }
        let questions = messages.count { $0.style.asks }
        if AuthLimits.promptsPerReply < waiting.count + messages.count {
            // Room for the questions; a module that only talks has said enough.
            guard 0 < questions else { giveUp(.moduleBrokeLimit) }
            guard sendWaiting() else { return abandon() }
        }
        waiting += messages.map(prompt)
        guard 0 < questions else { return [] }
        guard sendWaiting() else { return abandon() }
        do {
            guard case .answer(let answers) = try line.receive() else { return abandon() }
            guard answers.count == questions else { giveUp(.lineBroken) }
            return answers
        } catch {
            giveUp(error.exit)
        }
    }

    func conversationBroken() { giveUp(.moduleBrokeLimit) }

    // MARK: The end

    /// Tells of a changed password; whether somebody listens makes no difference to what happened.
    func tellPasswordChanged(_ identity: SignInIdentity) { _ = line.send(.passwordChanged(identity)) }

    /// What modules said after the last question goes out before the outcome.
    func sendWaiting() -> Bool {
        guard !waiting.isEmpty else { return true }
        defer { waiting = [] }
        return line.send(.prompts(waiting))
    }

    /// What modules said while they refused stays here: "account locked" would tell that there is an account.
    func forgetWaiting() { waiting = [] }

    private func abandon() -> [[UInt8]]? {
        isAbandoned = true
        return nil
    }

    /// Ends the process from inside a module: one that floods would not stop because of an error it is told.
    private func giveUp(_ exit: WorkerExit) -> Never { _exit(exit.code) }

    private func prompt(_ message: PAMMessage) -> SignInPrompt {
        let text = ModuleText.clean(message.text)
        let style: SignInPrompt.Style =
            switch message.style {
            case .hidden: .hidden
            case .visible: .visible
            case .error: .error
            case .info: .info
            }
        let meaning = PromptReading.meaning(of: text, style: style, phase: phase)
        if message.style.asks && phase == .authenticate { secondFactor.asked(meaning) }
        return SignInPrompt(style: style, meaning: meaning, text: text)
    }
}
