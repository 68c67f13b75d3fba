// SPDX-License-Identifier: EUPL-1.2
// Torhaus: stacks that mark with pam_env which second factor was shown, run by the real libpam.

import DaemonMessages
import Foundation
import Testing

@Suite("Stacks that mark the second factor")
struct FactorMarkingTests {
    /// From libpam-wrapper: two sets of passwords stand for the password and for a token's PIN.
    private static let matrix = "/usr/lib/x86_64-linux-gnu/pam_wrapper/pam_matrix.so passdb=FOLDER"
    private static let files = [
        "passwords": "anna:secret:torhaus\n",
        "tokens": "anna:key:torhaus\n",
        "cards": "anna:card:torhaus\n",
        "webauthn.conf": "TORHAUS_SECOND_FACTOR DEFAULT=webauthn\n",
        "smartcard.conf": "TORHAUS_SECOND_FACTOR DEFAULT=smartcard\n",
        "slip.conf": "TORHAUS_SECOND_FACTOR DEFAULT=fido\n",
        "empty.conf": "TORHAUS_SECOND_FACTOR DEFAULT=\n",
    ]
    private static let marked = "pam_env.so readenv=0 conffile=FOLDER"

    /// A token, else a card, else neither; each branch jumps over the others' marks.
    private static let branches = """
        auth required \(matrix)/passwords
        auth [success=3 default=ignore] \(matrix)/tokens
        auth [success=4 default=ignore] \(matrix)/cards
        auth required pam_permit.so
        auth [success=3 default=ignore] pam_permit.so
        auth optional \(marked)/webauthn.conf
        auth [success=1 default=ignore] pam_permit.so
        auth optional \(marked)/smartcard.conf
        account required pam_permit.so
        """

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let answers: [String]
        let factor: SignInFactor
    }

    @Test(
        "only the branch that succeeded leaves its mark",
        arguments: [
            Case(testDescription: "token", answers: ["secret", "key"], factor: .webauthn),
            Case(testDescription: "card", answers: ["secret", "no key", "card"], factor: .smartcard),
            Case(testDescription: "neither", answers: ["secret", "no key", "no card"], factor: .none),
        ]
    )
    func branch(_ each: Case) throws {
        let daemon = try TestDaemon(stack: Self.branches, files: Self.files)
        let success = try #require(try TestClient.signIn(daemon, "anna", each.answers)?.success)
        #expect(success.secondFactor == each.factor)
        #expect(!daemon.log.contains("second-factor-unknown"))
    }

    @Test("a wrong password is refused, whatever the token said")
    func wrongPassword() throws {
        let daemon = try TestDaemon(stack: Self.branches, files: Self.files)
        #expect(try TestClient.signIn(daemon, "anna", ["wrong", "key"]) == .failed(.denied))
    }

    @Test("an unknown word counts for nothing, even after a code, and is in the log without the word")
    func unknownWord() throws {
        let daemon = try TestDaemon(
            stack: """
                auth required MODULE
                auth optional \(Self.marked)/slip.conf
                account required MODULE
                """,
            files: Self.files
        )
        var client = try TestClient(daemon, user: "two")
        #expect(try client.receive()?.prompts?.last?.meaning == .oneTimeCode)
        client.answer("secret", "123456")
        #expect(try client.receive()?.success?.secondFactor == SignInFactor.none)
        let correlation = String(repeating: "ab", count: 16)
        #expect(daemon.log.contains("second-factor-unknown correlation=\(correlation)"))
        #expect(!daemon.log.contains("fido"))
    }

    @Test("without a mark a code counts as a code", arguments: ["empty.conf", "missing.conf"])
    func noMark(file: String) throws {
        let daemon = try TestDaemon(
            stack: """
                auth required MODULE
                auth optional \(Self.marked)/\(file)
                account required MODULE
                """,
            files: Self.files
        )
        var client = try TestClient(daemon, user: "two")
        _ = try client.receive()
        client.answer("secret", "123456")
        #expect(try client.receive()?.success?.secondFactor == .totp)
    }
}
