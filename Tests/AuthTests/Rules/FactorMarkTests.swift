// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the stack's variable means, and what it means together with the questions that were asked.

import DaemonMessages
import Testing

@testable import Auth

@Suite("The mark of the second factor")
struct FactorMarkTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let value: String?
        let mark: FactorMark
        let afterCode: SignInFactor
        let afterPassword: SignInFactor

        init(_ name: String, _ value: String?, _ mark: FactorMark, code: SignInFactor, password: SignInFactor)
        {
            testDescription = name
            self.value = value
            self.mark = mark
            afterCode = code
            afterPassword = password
        }
    }

    @Test(
        "wins over the questions, and lets nobody in further when it is no word",
        arguments: [
            Case("unset", nil, .absent, code: .totp, password: .none),
            Case("empty", "", .absent, code: .totp, password: .none),
            Case("totp", "totp", .shown(.totp), code: .totp, password: .totp),
            Case("push", "push", .shown(.push), code: .push, password: .push),
            Case("webauthn", "webauthn", .shown(.webauthn), code: .webauthn, password: .webauthn),
            Case("smartcard", "smartcard", .shown(.smartcard), code: .smartcard, password: .smartcard),
            Case("a slip", "webauth", .unknown, code: .none, password: .none),
            Case("another case", "WebAuthn", .unknown, code: .none, password: .none),
            Case("a space", "webauthn ", .unknown, code: .none, password: .none),
            Case("two words", "totp,webauthn", .unknown, code: .none, password: .none),
            Case("no factor", "none", .unknown, code: .none, password: .none),
            Case("no UTF-8", "webauthn\u{FFFD}", .unknown, code: .none, password: .none),
        ]
    )
    func factor(_ each: Case) {
        let mark = FactorMark(each.value)
        #expect(mark == each.mark)
        var code = SecondFactor()
        code.asked(.password)
        #expect(mark.factor(afterQuestions: code) == each.afterPassword)
        code.asked(.oneTimeCode)
        #expect(mark.factor(afterQuestions: code) == each.afterCode)
    }
}
