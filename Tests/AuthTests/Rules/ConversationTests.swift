// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of one conversation as the master decides it.

import DaemonMessages
import Testing

@testable import Auth

@Suite("A conversation in the master")
struct ConversationTests {
    private func failed(_ code: SignInFailure.Code, _ seconds: UInt32 = 0) -> SignInReply {
        .failed(SignInFailure(code: code, retryAfterSeconds: seconds))
    }

    @Test("a success goes out at once")
    func success() {
        var script = Script()
        #expect(script.begin() == [.employWorker])
        script.say(.prompts)
        #expect(script.tick() == [.reply(.prompts([Script.question]))])
        #expect(script.send(.answer) == [.passOn])
        #expect(script.say(.succeeded) == [.dismissWorker])
        let last = script.tick()
        #expect(last.count == 2 && last.last == .finish)
        #expect(script.conversation.nextEvent == nil)
    }

    @Test("a failure waits for the floor and the jitter, counted from the answer")
    func floor() {
        var script = Script(jitter: .milliseconds(100))
        _ = script.begin()
        script.say(.prompts)
        script.tick()
        script.now += .seconds(20)
        script.send(.answer)
        script.now += .milliseconds(12)
        script.say(.failed)
        #expect(script.tick(after: .milliseconds(1087)) == [])
        #expect(script.tick(after: .milliseconds(1)) == [.reply(failed(.denied)), .finish])
    }

    @Test("what takes longer than the floor waits for the end of the next period")
    func slowFailure() {
        var script = Script(jitter: .zero)
        _ = script.begin()
        script.now += .milliseconds(1300)
        script.say(.failed)
        #expect(script.conversation.nextEvent == .seconds(102))
    }

    @Test("the second question does not tell how long the first answer took to check")
    func questionFloor() {
        var script = Script()
        _ = script.begin()
        script.say(.prompts)
        script.tick()
        script.send(.answer)
        script.now += .milliseconds(86)
        script.say(.prompts)
        #expect(script.tick() == [])
        #expect(script.conversation.state == .holding)
        #expect(script.tick(after: .milliseconds(164)) == [.reply(.prompts([Script.question]))])
        #expect(script.conversation.state == .asking(questions: 1))
    }

    @Test("messages without a question are passed on, and the client still waits")
    func messages() {
        var script = Script()
        _ = script.begin()
        let info = SignInPrompt(style: .info, meaning: .other, text: "hello")
        script.say(.prompts([info]))
        #expect(script.tick() == [.reply(.prompts([info]))])
        #expect(script.conversation.state == .working)
        script.say(.prompts)
        #expect(script.tick() == [.reply(.prompts([Script.question]))])
    }

    @Test("a changed password is passed on at once, and the client still waits")
    func passwordChanged() {
        var script = Script()
        _ = script.begin()
        script.say(.prompts)
        script.tick()
        script.send(.answer)
        script.say(.passwordChanged)
        #expect(script.tick() == [.reply(.passwordChanged(Script.identity))])
        #expect(script.conversation.state == .working)
        script.say(.failed(SignInFailure(code: .unavailable, retryAfterSeconds: 0)))
        #expect(script.tick(after: .seconds(2)) == [.reply(failed(.unavailable)), .finish])
    }

    @Test("a changed password goes out before a failure, also when the worker breaks")
    func changedAndBroken() {
        var script = Script()
        _ = script.begin()
        script.say(.passwordChanged)
        _ = script.conversation.workerEnded(now: script.now)
        let told = Conversation.Action.reply(.passwordChanged(Script.identity))
        #expect(script.tick(after: .seconds(2)) == [told, .reply(failed(.unavailable)), .finish])
    }

    @Test("a worker that tells of two changed passwords is out of its mind")
    func changedTwice() {
        var script = Script()
        _ = script.begin()
        script.say(.passwordChanged)
        #expect(script.say(.passwordChanged).first == .killWorker)
    }

    @Test("the number of answers must be the number of questions")
    func answerCount() {
        for count in [0, 2, 40] {
            var script = Script()
            _ = script.begin()
            script.say(.prompts)
            script.tick()
            let answers = [[UInt8]](repeating: [0x61], count: count)
            #expect(script.send(.answer(answers)) == [.killWorker, .drop])
        }
    }

    @Test("an answer that C would cut, or that is too long, ends the conversation")
    func answerBytes() {
        for answer in [[0x61, 0x00, 0x62], [UInt8](repeating: 0x61, count: AuthLimits.answerBytes + 1)] {
            var script = Script()
            _ = script.begin()
            script.say(.prompts)
            script.tick()
            #expect(script.send(.answer([answer])) == [.killWorker, .drop])
        }
    }

    @Test("a name that no account can have is denied like an unknown one, without a worker")
    func impossibleName() {
        for user in ["", "an\u{0}na", "an\nna", "../root", "-x", String(repeating: "a", count: 257)] {
            var script = Script(jitter: .zero)
            #expect(script.begin(user: user) == [.dismissWorker])
            #expect(script.tick() == [])
            #expect(script.tick(after: .seconds(1)) == [.reply(failed(.denied)), .finish])
        }
    }

    @Test("a client without an address is refused")
    func noAddress() {
        var script = Script()
        #expect(script.begin(host: "somewhere") == [.killWorker, .drop])
    }

    @Test("tries that come too early are told how long to wait")
    func tooManyTries() {
        var script = Script(jitter: .zero)
        for _ in 0..<4 {
            var next = Script(jitter: .zero)
            next.delays = script.delays
            next.now = script.now + .seconds(10)
            _ = next.begin()
            next.say(.prompts)
            next.tick()
            next.send(.answer)
            next.say(.failed)
            next.tick(after: .seconds(1))
            script = next
        }
        var early = Script()
        early.delays = script.delays
        early.now = script.now + .seconds(1)
        #expect(early.begin() == [.reply(failed(.tooManyTries, 3)), .finish])
        early = Script()
        early.delays = script.delays
        early.now = script.now + .seconds(4)
        #expect(early.begin() == [.employWorker])
    }

    @Test("conversations begun together are held up at their answers")
    func parallelTries() {
        var delays = TryDelays()
        let asked = (0..<4).map { _ in
            var script = Script()
            _ = script.begin()
            script.say(.prompts)
            script.tick()
            return script
        }
        let replies = asked.map { each in
            var script = each
            script.delays = delays
            defer { delays = script.delays }
            return script.send(.answer)
        }
        #expect(replies[0] == [.passOn] && replies[1] == [.passOn])
        #expect(replies[2] == [.dismissWorker, .reply(failed(.tooManyTries, 1)), .finish])
        #expect(replies[3] == replies[2])
    }

    @Test("leaving before the failure is answered still counts")
    func leavingEarly() throws {
        var script = Script()
        for _ in 0..<3 {
            script.conversation = Script().conversation
            _ = script.begin()
            script.say(.prompts)
            script.tick()
            script.send(.answer)
            script.send(PermittedRequests.Request.abandon)
        }
        let key = TryDelays.Key(user: "anna", source: try #require(ClientSource("192.0.2.1")))
        #expect(0 < script.delays.wait(key, now: script.now))
    }

    @Test("the deadline kills the worker, and the client is told")
    func deadline() {
        var script = Script(jitter: .zero)
        _ = script.begin()
        #expect(
            script.tick(after: .seconds(120)) == [
                .killWorker, .dismissWorker, .reply(failed(.timedOut)), .finish,
            ]
        )
    }

    @Test("a deadline while the client is asked is told at once and its late answer is no violation")
    func deadlineWhileAsking() {
        var script = Script()
        _ = script.begin()
        script.say(.prompts)
        script.tick()
        #expect(
            script.tick(after: .seconds(120)) == [
                .killWorker, .dismissWorker, .reply(failed(.timedOut)), .finish,
            ]
        )
        #expect(script.tick() == [])
    }

    @Test("who says nothing is dropped without a word")
    func silentClient() {
        var script = Script()
        #expect(script.tick(after: AuthLimits.firstRequest) == [.killWorker, .drop])
    }

    @Test("a worker that ends without a last reply makes the sign-in unavailable")
    func crash() {
        var script = Script(jitter: .zero)
        _ = script.begin()
        #expect(script.conversation.workerEnded(now: script.now) == [.dismissWorker])
        #expect(script.tick(after: .seconds(1)) == [.reply(failed(.unavailable)), .finish])
        #expect(script.conversation.workerEnded(now: script.now) == [])
    }

    @Test("a worker may not speak for the master")
    func forgedOutcome() {
        for code in [SignInFailure.Code.tooManyTries, .timedOut] {
            var script = Script()
            _ = script.begin()
            #expect(script.say(failed(code)).first == .killWorker)
        }
    }

    @Test("more prompts than a sign-in can need make it unavailable")
    func promptFlood() {
        var script = Script()
        _ = script.begin()
        var rounds = 0
        while script.conversation.outcome == nil, rounds < 1000 {
            script.say(.prompts)
            script.tick(after: .seconds(1))
            if script.conversation.state == .asking(questions: 1) { script.send(.answer) }
            rounds += 1
        }
        #expect(rounds == AuthLimits.repliesPerConversation + 1)
        #expect(script.conversation.outcome == failed(.unavailable))

        var wide = Script()
        _ = wide.begin()
        let many = [SignInPrompt](repeating: Script.question, count: AuthLimits.promptsPerReply + 1)
        #expect(wide.say(.prompts(many)).first == .killWorker)
    }
}
