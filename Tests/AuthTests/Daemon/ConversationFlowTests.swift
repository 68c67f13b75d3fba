// SPDX-License-Identifier: EUPL-1.2
// Torhaus: whole conversations with the real daemon, libpam and a module of our own.

import DaemonMessages
import Foundation
import LinuxKit
import Testing

@Suite("Conversations with torhaus-authd")
struct ConversationFlowTests {
    private let daemon: TestDaemon

    init() throws { daemon = try TestDaemon() }

    @Test("the right password lets in")
    func success() throws {
        let success = try #require(try TestClient.signIn(daemon, "anna", ["secret"])?.success)
        #expect(success.identity.user == "anna")
        #expect(!success.passwordChanged && success.secondFactor == .none)
    }

    @Test(
        "a wrong password, an unknown user and a locked one get the same words",
        arguments: ["anna", "unknown", "locked"]
    )
    func denied(_ user: String) throws {
        var client = try TestClient(daemon, user: user)
        let question = SignInPrompt(style: .hidden, meaning: .password, text: "Password:")
        #expect(try client.receive() == .prompts([question]))
        client.answer("wrong")
        #expect(try client.receive() == .failed(.denied))
        #expect(try client.receive() == nil)
    }

    @Test("two questions and a message of one call come as one reply")
    func twoQuestions() throws {
        var client = try TestClient(daemon, user: "two")
        let prompts = try #require(try client.receive()?.prompts)
        #expect(prompts.map(\.style) == [.hidden, .info, .visible])
        #expect(prompts.map(\.meaning) == [.password, .other, .oneTimeCode])
        client.answer("secret", "123456")
        let success = try #require(try client.receive()?.success)
        #expect(success.secondFactor == .totp)
    }

    @Test("messages travel with the next question, cleaned")
    func messages() throws {
        var client = try TestClient(daemon, user: "notes")
        let prompts = try #require(try client.receive()?.prompts)
        #expect(prompts.map(\.text) == ["Welcome to the house", "The account is [31mlocked", "Password:"])
        #expect(prompts.map(\.style) == [.info, .error, .hidden])
    }

    @Test("a message after the last answer comes before the success")
    func lateMessage() throws {
        var client = try TestClient(daemon, user: "soon")
        _ = try client.receive()
        client.answer("secret")
        #expect(try client.receive()?.prompts?.map(\.meaning) == [.accountMessage])
        #expect(try client.receive()?.success != nil)
    }

    @Test("modules see the client's address, our terminal name, and nothing of our environment")
    func items() throws {
        var client = try TestClient(daemon, user: "items", host: "2001:db8::7")
        let text = try #require(try client.receive()?.prompts?.first?.text)
        #expect(text == "host=2001:db8::7 tty=torhaus ruser=none uid=\(geteuid()) term=none")
    }

    @Test("an expired password is changed on the same handle")
    func expired() throws {
        var client = try TestClient(daemon, user: "expired")
        _ = try client.receive()
        client.answer("secret")
        var prompts = try #require(try client.receive()?.prompts)
        #expect(prompts.map(\.meaning) == [.passwordExpired, .currentPassword])
        client.answer("secret")
        #expect(try client.receive()?.prompts?.map(\.meaning) == [.newPassword])
        client.answer("no good")
        prompts = try #require(try client.receive()?.prompts)
        #expect(prompts.map(\.meaning) == [.passwordRejected, .newPassword])
        client.answer("better secret")
        #expect(try client.receive()?.prompts?.map(\.meaning) == [.newPasswordAgain])
        client.answer("better secret")
        let identity = SignInIdentity(user: "expired", displayName: "", groups: [])
        #expect(try client.receive() == .passwordChanged(identity))
        #expect(try client.receive()?.prompts?.map(\.meaning) == [.passwordChanged])
        let success = try #require(try client.receive()?.success)
        #expect(success.passwordChanged && success.secondFactor == .none)
    }

    @Test(
        "a changed password is told whatever becomes of the sign-in",
        arguments: ["expired-nocred", "expired-crash"]
    )
    func changedAndRefused(_ user: String) throws {
        let answers = ["secret", "secret", "better secret", "better secret"]
        var client = try TestClient(daemon, user: user)
        for answer in answers {
            #expect(try client.receive()?.prompts != nil)
            client.answer(answer)
        }
        let identity = SignInIdentity(user: user, displayName: "", groups: [])
        #expect(try client.receive() == .passwordChanged(identity))
        var last = try client.receive()
        // A worker that lives on has the module's message to pass on.
        if last?.prompts?.map(\.meaning) == [.passwordChanged] { last = try client.receive() }
        #expect(last == .failed(.unavailable))
        #expect(try client.receive() == nil)
    }

    @Test("an expired password that is not changed keeps the person out")
    func notChanged() throws {
        #expect(
            try TestClient.signIn(daemon, "expired", ["secret", "wrong"]) == .failed(.passwordNotChanged)
        )
    }

    @Test("a closed account says so only after the right password")
    func closed() throws {
        #expect(try TestClient.signIn(daemon, "closed-a", ["wrong"]) == .failed(.denied))
        var client = try TestClient(daemon, user: "closed-b")
        _ = try client.receive()
        client.answer("secret")
        #expect(try client.receive()?.prompts?.map(\.text) == ["Your account has expired."])
        #expect(try client.receive() == .failed(.accountUnusable))
    }

    @Test("credentials that cannot be set keep the person out")
    func noCredentials() throws {
        #expect(try TestClient.signIn(daemon, "nocred", ["secret"]) == .failed(.unavailable))
    }

    @Test("the modules' name for the person counts, with the groups of the name service")
    func canonicalUser() throws {
        let success = try #require(try TestClient.signIn(daemon, "alias", ["secret"])?.success)
        #expect(success.identity == SignInIdentity(user: "root", displayName: "root", groups: ["root"]))
    }

    @Test("groups are looked up without a sign-in")
    func lookUp() throws {
        var client = try TestClient(daemon)
        client.send(.lookUpGroups(user: "root"))
        let identity = SignInIdentity(user: "root", displayName: "root", groups: ["root"])
        #expect(try client.receive() == .groups(identity))
        var other = try TestClient(daemon)
        other.send(.lookUpGroups(user: "nobody-of-that-name"))
        #expect(try other.receive() == .groups(nil))
    }

    @Test("a module that wants a pause does not get it")
    func noPause() throws {
        let start = ContinuousClock.now
        #expect(try TestClient.signIn(daemon, "pause", ["wrong"]) == .failed(.denied))
        #expect(ContinuousClock.now - start < .seconds(3))
    }

    @Test("what is not permitted closes the connection without a word")
    func violations() throws {
        let begin = SignInRequest.lookUpGroups(user: "root").encoded()
        for bytes in [
            SignInRequest.answer([[0x61]]).encoded(), begin + begin, [0xFF, 0xFF, 0xFF, 0x7F],
            [2, 0, 0, 0, 9, 1],
            [2, 0, 0, 0, 1, 99],
        ] {
            var client = try TestClient(daemon)
            client.send(bytes: bytes)
            #expect(try client.receive() == nil)
        }
        var client = try TestClient(daemon, user: "anna")
        _ = try client.receive()
        client.answer("one", "two")
        #expect(try client.receive() == nil)
    }

    @Test("too many tries are refused with the seconds to wait, and others are not")
    func tooManyTries() throws {
        for _ in 0..<2 { #expect(try TestClient.signIn(daemon, "unknown-1", ["x"]) == .failed(.denied)) }
        guard case .failed(let failure) = try TestClient.signIn(daemon, "unknown-1", ["x"]) else {
            Issue.record("the third try was not refused")
            return
        }
        #expect(failure == SignInFailure(code: .tooManyTries, retryAfterSeconds: 1))
        #expect(try TestClient.signIn(daemon, "unknown-1", ["x"], host: "192.0.2.2") == .failed(.denied))
        #expect(try TestClient.signIn(daemon, "anna", ["secret"])?.success != nil)
    }

    @Test("the log has no user name and no secret")
    func log() throws {
        _ = try TestClient.signIn(daemon, "unknown-name", ["hunter2"])
        _ = try TestClient.signIn(daemon, "anna", ["secret"])
        let correlation = "correlation=" + String(repeating: "ab", count: 16)
        let deadline = ContinuousClock.now + .seconds(5)
        while !daemon.log.contains("end=succeeded"), ContinuousClock.now < deadline { usleep(10_000) }
        daemon.stop()
        let log = daemon.log
        #expect(log.contains("conversation \(correlation) outcome=denied"))
        #expect(log.contains("worker \(correlation) end=authenticate,status=10"))
        for word in ["unknown-name", "anna", "hunter2", "secret", "192.0.2.1"] {
            #expect(!log.contains(word))
        }
    }
}
