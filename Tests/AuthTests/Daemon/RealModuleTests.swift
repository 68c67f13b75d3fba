// SPDX-License-Identifier: EUPL-1.2
// Torhaus: conversations with modules that administrators use: pam_matrix stands for a directory, pam_oath for codes.

import DaemonMessages
import DaemonSettings
import Foundation
import Testing

@Suite("Real modules")
struct RealModuleTests {
    /// From libpam-wrapper.
    ///
    /// Its `verbose` option crashes on Debian 12, so it stays out.
    private static let matrix = "/usr/lib/x86_64-linux-gnu/pam_wrapper/pam_matrix.so passdb=FOLDER/passwords"
    private static let passwords = ["passwords": "anna:secret:torhaus\nbert:other:torhaus\n"]
    private static let key = "3132333435363738393031323334353637383930"

    @Test("pam_matrix: right, wrong and unknown")
    func matrix() throws {
        let daemon = try TestDaemon(
            stack: "auth required \(Self.matrix)\naccount required \(Self.matrix)",
            files: Self.passwords
        )
        #expect(try TestClient.signIn(daemon, "anna", ["secret"])?.success?.identity.user == "anna")
        #expect(try TestClient.signIn(daemon, "anna", ["Secret"]) == .failed(.denied))
        #expect(try TestClient.signIn(daemon, "nobody-there", ["secret"]) == .failed(.denied))
        #expect(try TestClient.signIn(daemon, "bert", [""]) == .failed(.denied))
    }

    @Test("an expired password is changed by pam_matrix after pam_debug asked for it")
    func expired() throws {
        let daemon = try TestDaemon(
            stack: """
                auth required \(Self.matrix)
                account required pam_debug.so acct=new_authtok_reqd
                password required \(Self.matrix)
                """,
            files: Self.passwords
        )
        var client = try TestClient(daemon, user: "anna")
        var reply = try client.receive()
        var meanings: [SignInPrompt.Meaning] = []
        for answer in ["secret", "secret", "longer secret", "longer secret"] {
            guard let prompts = reply?.prompts else { break }
            meanings += prompts.map(\.meaning)
            client.answer(answer)
            reply = try client.receive()
        }
        #expect(reply == .passwordChanged(SignInIdentity(user: "anna", displayName: "", groups: [])))
        reply = try client.receive()
        // pam_debug says what it answers, and that is the account message.
        #expect(meanings == [.password, .accountMessage, .currentPassword, .newPassword, .newPasswordAgain])
        #expect(reply?.success?.passwordChanged == true)
        let file = try String(contentsOf: daemon.folder.appendingPathComponent("passwords"), encoding: .utf8)
        #expect(file.contains("anna:longer secret:torhaus"))
    }

    @Test("pam_oath asks for its own code and takes each code once")
    func oath() throws {
        let daemon = try TestDaemon(
            stack: """
                auth required \(Self.matrix)
                auth required pam_oath.so usersfile=FOLDER/codes window=5 digits=6
                account required pam_permit.so
                """,
            files: Self.passwords.merging(["codes": "HOTP/T30/6 anna - \(Self.key)\n"]) { $1 }
        )
        chmod(daemon.folder.appendingPathComponent("codes").path, 0o600)
        func signIn(code: String) throws -> SignInReply? {
            var client = try TestClient(daemon, user: "anna")
            #expect(try client.receive()?.prompts?.map(\.meaning) == [.password])
            client.answer("secret")
            #expect(try client.receive()?.prompts?.map(\.meaning) == [.oneTimeCode])
            client.answer(code)
            return try client.receive()
        }
        let code = try Self.code()
        let success = try #require(try signIn(code: code)?.success)
        #expect(success.secondFactor == .totp && !success.passwordChanged)
        #expect(try signIn(code: code) == .failed(.denied))
    }

    @Test("a stack that names a missing module makes signing in unavailable, not denied")
    func brokenStack() throws {
        let daemon = try TestDaemon(
            stack: "auth required pam_does_not_exist.so\naccount required pam_permit.so"
        )
        #expect(try TestClient.signIn(daemon, "anna", []) == .failed(.unavailable))
    }

    @Test("a stack that permits without a question lets in without a second factor")
    func noQuestion() throws {
        let daemon = try TestDaemon(stack: "auth required pam_permit.so\naccount required pam_permit.so")
        #expect(try TestClient.signIn(daemon, "anna", [])?.success?.secondFactor == SignInFactor.none)
    }

    private static func code() throws -> String {
        let tool = Process()
        tool.executableURL = URL(fileURLWithPath: "/usr/bin/oathtool")
        tool.arguments = ["--totp", key]
        let pipe = Pipe()
        tool.standardOutput = pipe
        try tool.run()
        tool.waitUntilExit()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
