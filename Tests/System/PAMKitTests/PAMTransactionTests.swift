// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of one PAM transaction, with the modules of Debian and libpam-wrapper in a directory of their own.

import Foundation
import PAMKit
import Testing

/// Answers each question from a list, and remembers all messages.
private final class Answers: PAMConversing {
    var left: [String]
    var seen: [PAMMessage] = []
    var isBroken = false

    init(_ answers: [String]) { left = answers }

    func answers(to messages: [PAMMessage]) -> [[UInt8]]? {
        seen += messages
        let wanted = messages.count { $0.style.asks }
        guard wanted <= left.count else { return nil }
        defer { left.removeFirst(wanted) }
        return left.prefix(wanted).map { Array($0.utf8) }
    }

    func conversationBroken() { isBroken = true }

    var texts: [String] { seen.map { String(decoding: $0.text, as: UTF8.self) } }
}

/// A PAM directory that goes away with its owner.
private final class StackDirectory {
    let path: String

    init(_ stack: String, passwords: String = "") throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tp-\(UUID().uuidString)")
        path = folder.path
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let matrix = "/usr/lib/x86_64-linux-gnu/pam_wrapper/pam_matrix.so passdb=\(path)/passwords"
        let text = stack.replacing("MATRIX", with: matrix).replacing("FOLDER", with: path)
        try (text + "\n").write(to: folder.appendingPathComponent("test"), atomically: true, encoding: .utf8)
        try passwords.write(to: folder.appendingPathComponent("passwords"), atomically: true, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func transaction(_ user: String = "anna", _ answers: Answers) throws -> PAMTransaction {
        try PAMTransaction(service: "test", user: user, directory: path, converse: answers)
    }
}

@Suite("PAM transactions")
struct PAMTransactionTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let user: String
        let password: String
        let kind: PAMStatus.Kind
    }

    @Test(
        "authenticate against pam_matrix",
        arguments: [
            Case(testDescription: "right", user: "anna", password: "secret", kind: .success),
            Case(testDescription: "wrong", user: "anna", password: "secrets", kind: .refused),
            Case(testDescription: "unknown", user: "bert", password: "secret", kind: .refused),
        ]
    )
    func authenticate(_ each: Case) throws {
        let answers = Answers([each.password])
        let directory = try StackDirectory("auth required MATRIX", passwords: "anna:secret:test\n")
        var transaction = try directory.transaction(each.user, answers)
        #expect(transaction.authenticate().kind == each.kind)
        #expect(answers.seen.map(\.style) == [.hidden])
        #expect(answers.texts == ["Password: "])
    }

    @Test("an expired password is changed on the handle that authenticated")
    func changeExpired() throws {
        let answers = Answers(["secret", "secret", "new secret", "new secret"])
        let directory = try StackDirectory(
            """
            auth required MATRIX
            account required pam_debug.so acct=new_authtok_reqd
            password required MATRIX
            """,
            passwords: "anna:secret:test\n"
        )
        var transaction = try directory.transaction("anna", answers)
        #expect(transaction.authenticate().kind == .success)
        #expect(transaction.checkAccount().kind == .newPasswordRequired)
        #expect(transaction.changeExpiredPassword().kind == .success)
        let file = try String(contentsOfFile: directory.path + "/passwords", encoding: .utf8)
        #expect(file.contains("anna:new secret:test"))
    }

    @Test("a variable of pam_env is there when credentials are established, and not before")
    func variable() throws {
        let directory = try StackDirectory(
            """
            auth [success=1 default=ignore] pam_permit.so
            auth optional pam_env.so readenv=0 conffile=FOLDER/skipped.conf
            auth required pam_env.so readenv=0 conffile=FOLDER/set.conf
            auth required pam_permit.so
            """
        )
        for (file, text) in [("set", "TH_SET DEFAULT=yes\n"), ("skipped", "TH_SKIPPED DEFAULT=yes\n")] {
            try text.write(toFile: "\(directory.path)/\(file).conf", atomically: true, encoding: .utf8)
        }
        var transaction = try directory.transaction("anna", Answers([]))
        #expect(transaction.authenticate().kind == .success)
        #expect(transaction.variable("TH_SET") == nil)
        #expect(transaction.establishCredentials().kind == .success)
        #expect(transaction.variable("TH_SET") == "yes")
        #expect(transaction.variable("TH_SKIPPED") == nil)
        #expect(transaction.variable("PATH") == nil)
    }

    struct StatusCase: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let stack: String
        let number: Int32
        let kind: PAMStatus.Kind
    }

    @Test(
        "what modules answer is sorted into what to do",
        arguments: [
            StatusCase(
                testDescription: "auth_err",
                stack: "pam_debug.so auth=auth_err",
                number: 7,
                kind: .refused
            ),
            StatusCase(
                testDescription: "unknown",
                stack: "pam_debug.so auth=user_unknown",
                number: 10,
                kind: .refused
            ),
            StatusCase(
                testDescription: "perm",
                stack: "pam_debug.so auth=perm_denied",
                number: 6,
                kind: .refused
            ),
            StatusCase(
                testDescription: "maxtries",
                stack: "pam_debug.so auth=maxtries",
                number: 11,
                kind: .refused
            ),
            StatusCase(
                testDescription: "pam_exec's no is no broken stack",
                stack: "pam_exec.so quiet /bin/false",
                number: 4,
                kind: .refused
            ),
            StatusCase(testDescription: "missing", stack: "pam_missing.so", number: 28, kind: .brokenStack),
            StatusCase(testDescription: "permit", stack: "pam_permit.so", number: 0, kind: .success),
        ]
    )
    func statuses(_ each: StatusCase) throws {
        let directory = try StackDirectory("auth required \(each.stack)")
        var transaction = try directory.transaction("anna", Answers([]))
        let status = transaction.authenticate()
        #expect(status.number == each.number)
        #expect(status.kind == each.kind)
    }

    @Test("modules see the items that were set, and the user can be read back")
    func items() throws {
        let answers = Answers([])
        let directory = try StackDirectory("auth required pam_echo.so %u from %H at %t via %s")
        var transaction = try directory.transaction("anna", answers)
        try transaction.setRemoteHost("2001:db8::1")
        try transaction.setTerminal("torhaus")
        _ = transaction.authenticate()
        #expect(answers.texts.first?.hasPrefix("anna from 2001:db8::1 at torhaus via test") == true)
        #expect(answers.seen.map(\.style) == [.info])
        #expect(transaction.user() == "anna")
    }

    @Test("a module may change the user")
    func changedUser() throws {
        let items = "/usr/lib/x86_64-linux-gnu/pam_wrapper/pam_set_items.so"
        let directory = try StackDirectory("auth required \(items)")
        // pam_set_items takes values from the environment of the PAM handle; without any, the user stays.
        var transaction = try directory.transaction("anna", Answers([]))
        _ = transaction.authenticate()
        #expect(transaction.user() == "anna")
    }

    @Test("error and info messages get no answer")
    func chatter() throws {
        let chatty = "/usr/lib/x86_64-linux-gnu/pam_wrapper/pam_chatty.so num_lines=8 error info"
        let answers = Answers([])
        let directory = try StackDirectory("auth required \(chatty)")
        var transaction = try directory.transaction("anna", answers)
        #expect(transaction.authenticate().kind == .success)
        #expect(Set(answers.seen.map(\.style)) == [.error, .info])
        #expect(8 <= answers.seen.count)
        #expect(!answers.isBroken)
    }

    @Test("no answer makes the module fail")
    func noAnswer() throws {
        let directory = try StackDirectory("auth required MATRIX", passwords: "anna:secret:test\n")
        var transaction = try directory.transaction("anna", Answers([]))
        #expect(transaction.authenticate().kind != .success)
    }

    @Test(
        "an answer with a NUL or above the limit is not passed on",
        arguments: ["sec\0ret", String(repeating: "x", count: 513)]
    )
    func badAnswer(_ answer: String) throws {
        let directory = try StackDirectory("auth required MATRIX", passwords: "anna:sec:test\n")
        var transaction = try directory.transaction("anna", Answers([answer]))
        #expect(transaction.authenticate().kind != .success)
    }

    @Test("modules that ask for a pause do not sleep")
    func noDelay() throws {
        let directory = try StackDirectory(
            "auth optional pam_faildelay.so delay=5000000\nauth required pam_deny.so"
        )
        let start = ContinuousClock.now
        var transaction = try directory.transaction("anna", Answers([]))
        #expect(transaction.authenticate().kind == .refused)
        #expect(ContinuousClock.now - start < .seconds(3))
    }

    @Test("a missing service falls to nothing: nobody gets in")
    func missingService() throws {
        let directory = try StackDirectory("auth required pam_permit.so")
        let answers = Answers(["x"])
        do {
            var transaction = try PAMTransaction(
                service: "another",
                user: "anna",
                directory: directory.path,
                converse: answers
            )
            #expect(transaction.authenticate().kind != .success)
        } catch {
            #expect(error.call == "pam_start")
        }
    }
}
