// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of what module texts are taken to mean. The texts are those of Debian 12's modules and of SSSD,
// winbind, FreeRADIUS, Google Authenticator and privacyIDEA, in English and German.

import DaemonMessages
import Testing

@testable import Auth

@Suite("The reading of prompts")
struct PromptReadingTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let text: String
        let style: SignInPrompt.Style
        let phase: PromptReading.Phase
        let meaning: SignInPrompt.Meaning
        var testDescription: String { "\(phase): \(text)" }

        init(
            _ text: String,
            _ meaning: SignInPrompt.Meaning,
            _ phase: PromptReading.Phase = .authenticate,
            _ style: SignInPrompt.Style = .hidden
        ) {
            (self.text, self.style, self.phase, self.meaning) = (text, style, phase, meaning)
        }
    }

    @Test(
        "questions while authenticating",
        arguments: [
            Case("Password:", .password),
            Case("Passwort:", .password),
            Case("Kennwort für anna:", .password),
            Case("anna@KREIS.TEST's Password:", .password),
            Case("First Factor:", .password),
            Case("Second Factor (optional):", .oneTimeCode),
            Case("One-time password (OATH) for `anna':", .oneTimeCode),
            Case("Verification code:", .oneTimeCode, .authenticate, .visible),
            Case("Enter PASSCODE:", .oneTimeCode),
            Case("please enter otp:", .oneTimeCode),
            Case("Yubikey for `anna':", .oneTimeCode),
            Case("Einmalkennwort:", .oneTimeCode),
            Case("Einmalpasswort eingeben", .oneTimeCode),
            Case("Bestätigungscode:", .oneTimeCode, .authenticate, .visible),
            Case("Favourite colour:", .other, .authenticate, .visible),
        ]
    )
    func authenticate(_ each: Case) { check(each) }

    @Test(
        "questions while changing a password",
        arguments: [
            Case("Current Password:", .currentPassword, .changePassword),
            Case("Current password:", .currentPassword, .changePassword),
            Case("(current) NT password:", .currentPassword, .changePassword),
            Case("(current) UNIX password:", .currentPassword, .changePassword),
            Case("Old password:", .currentPassword, .changePassword),
            Case("Password:", .currentPassword, .changePassword),
            Case("Aktuelles Passwort:", .currentPassword, .changePassword),
            Case("New Password:", .newPassword, .changePassword),
            Case("New Password :", .newPassword, .changePassword),
            Case("Enter new NT password:", .newPassword, .changePassword),
            Case("Neues Passwort:", .newPassword, .changePassword),
            Case("Geben Sie ein neues Kennwort ein:", .newPassword, .changePassword),
            Case("Retype new password:", .newPasswordAgain, .changePassword),
            Case("Reenter new Password:", .newPasswordAgain, .changePassword),
            Case("Retype new NT password:", .newPasswordAgain, .changePassword),
            Case("Verify New Password :", .newPasswordAgain, .changePassword),
            Case("Geben Sie das neue Passwort erneut ein:", .newPasswordAgain, .changePassword),
            Case("Neues Passwort wiederholen:", .newPasswordAgain, .changePassword),
        ]
    )
    func changePassword(_ each: Case) { check(each) }

    @Test(
        "messages",
        arguments: [
            Case("Password expired. Change your password now.", .passwordExpired, .account, .info),
            Case("You need to change your password now", .passwordExpired, .authenticate, .error),
            Case(
                "You are required to change your password immediately (administrator enforced).",
                .passwordExpired,
                .account,
                .error
            ),
            Case("Ihr Passwort ist abgelaufen.", .passwordExpired, .account, .info),
            Case("Warning: your password will expire in 5 days.", .accountMessage, .account, .info),
            Case("Ihr Passwort läuft in 5 Tagen ab.", .accountMessage, .account, .info),
            Case(
                "BAD PASSWORD: The password is shorter than 8 characters",
                .passwordRejected,
                .changePassword,
                .error
            ),
            Case("Sorry, passwords do not match.", .passwordRejected, .changePassword, .error),
            Case("Passwörter stimmen nicht überein", .passwordRejected, .changePassword, .error),
            Case(
                "Password has been already used. Choose another.",
                .passwordRejected,
                .changePassword,
                .error
            ),
            Case(
                "Password change failed. Server message: too short",
                .passwordRejected,
                .changePassword,
                .info
            ),
            Case("password updated successfully", .passwordChanged, .changePassword, .info),
            Case("Your password has been changed.", .passwordChanged, .changePassword, .info),
            Case("Ihr Passwort wurde geändert.", .passwordChanged, .changePassword, .info),
            Case(
                "Your account has expired; please contact your system administrator.",
                .accountMessage,
                .account,
                .error
            ),
            Case("Push sent to your phone", .other, .authenticate, .info),
        ]
    )
    func messages(_ each: Case) { check(each) }

    private func check(_ each: Case) {
        #expect(PromptReading.meaning(of: each.text, style: each.style, phase: each.phase) == each.meaning)
    }

    @Test("a second factor is a code that is asked after something else")
    func secondFactor() {
        func shown(_ meanings: SignInPrompt.Meaning...) -> Bool {
            var factor = SecondFactor()
            for each in meanings { factor.asked(each) }
            return factor.shown
        }
        #expect(shown(.password, .oneTimeCode))
        #expect(shown(.other, .oneTimeCode, .password))
        #expect(!shown(.oneTimeCode))
        #expect(!shown(.oneTimeCode, .password))
        #expect(!shown(.password, .password))
        #expect(!shown())
    }
}
