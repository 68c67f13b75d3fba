// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the auth worker's settings file, there and back.

import Testing

@testable import DaemonSettings

struct AuthSettingsTests {
    @Test("what is rendered reads back as the same value")
    func roundTrip() throws {
        let full = AuthSettings(
            socket: "/run/x/auth.sock",
            allowedUsers: ["torhaus", "root"],
            service: "torhaus-test",
            confdir: "/etc/pam.test",
            poolSize: 2,
            maxConversations: 3,
            deadlineSeconds: 10,
            failureFloorMilliseconds: 0,
            failureJitterMilliseconds: 1
        )
        #expect(try AuthSettings(text: full.rendered) == full)
        #expect(try AuthSettings(text: "allowed_user = torhaus") == AuthSettings())
        #expect(try AuthSettings(text: AuthSettings().rendered) == AuthSettings())
    }

    struct Wrong: CustomTestStringConvertible, Sendable {
        let name: String
        let line: String
        let key: String
        var testDescription: String { name }
    }

    static let wrong = [
        Wrong(name: "relative socket", line: "socket = auth.sock", key: "socket"),
        Wrong(
            name: "socket too long",
            line: "socket = /\(String(repeating: "a", count: 107))",
            key: "socket"
        ),
        Wrong(name: "service with a path", line: "service = ../su", key: "service"),
        Wrong(name: "service with a dot first", line: "service = .su", key: "service"),
        Wrong(name: "empty value", line: "confdir =", key: "confdir"),
        Wrong(name: "zero workers", line: "pool_size = 0", key: "pool_size"),
        Wrong(name: "more than a number holds", line: "pool_size = 99999999999999999999", key: "pool_size"),
        Wrong(name: "more workers than conversations", line: "max_conversations = 3", key: "pool_size"),
        Wrong(name: "user with a blank", line: "allowed_user = tor haus", key: "allowed_user"),
        Wrong(name: "unknown key", line: "passwords = 3", key: "passwords"),
    ]

    @Test("one mistake gives one problem with its key", arguments: wrong)
    func oneMistake(wrong: Wrong) throws {
        let error = try #require(throws: SettingsError.self) {
            try AuthSettings(text: "allowed_user = torhaus\n\(wrong.line)\n")
        }
        #expect(error.problems.map(\.key) == [wrong.key])
    }
}
