// SPDX-License-Identifier: EUPL-1.2
// Torhaus: guesses from a module's text what it wants, so that the page can say it in the person's language.

internal import DaemonMessages

/// The patterns.
///
/// A wrong guess costs a clumsy word on the page and nothing else, with one exception: `oneTimeCode` for the
/// later of two questions counts as a second factor (see ``SecondFactor``).
enum PromptReading {
    /// Which call of PAM the text belongs to.
    enum Phase: Hashable, Sendable, CaseIterable {
        case authenticate
        case account
        case changePassword
        case credentials
    }

    /// The meaning of a cleaned text.
    static func meaning(of text: String, style: SignInPrompt.Style, phase: Phase) -> SignInPrompt.Meaning {
        let lower = text.lowercased()
        switch style {
        case .hidden, .visible: return question(lower, hidden: style == .hidden, phase)
        case .error, .info: return message(lower, phase)
        }
    }

    private static func question(_ text: String, hidden: Bool, _ phase: Phase) -> SignInPrompt.Meaning {
        // Before "password": pam_oath says "One-time password (OATH) for `anna':".
        if phase == .authenticate && has(text, oneTimeCode) { return .oneTimeCode }
        if has(text, again) && (phase == .changePassword || has(text, password)) { return .newPasswordAgain }
        if has(text, new) && has(text, password) { return .newPassword }
        if has(text, current) && has(text, password) { return .currentPassword }
        if phase == .changePassword {
            // A bare "Password:" while changing is the old one once more.
            return has(text, password) ? .currentPassword : .other
        }
        if has(text, password) || (hidden && has(text, ["first factor", "erster faktor"])) {
            return .password
        }
        return .other
    }

    private static func message(_ text: String, _ phase: Phase) -> SignInPrompt.Meaning {
        if has(text, rejected) { return .passwordRejected }
        if has(text, password) || has(text, ["authentication token"]) {
            if has(text, willExpire) { return .accountMessage }
            if has(text, expired) { return .passwordExpired }
            if has(text, changed) { return .passwordChanged }
        }
        if has(text, ["account", "konto", "login", "anmeldung"]) || phase == .account {
            return .accountMessage
        }
        return .other
    }

    private static func has(_ text: String, _ patterns: [String]) -> Bool {
        patterns.contains { text.contains($0) }
    }

    private static let password = ["password", "passwort", "kennwort", "passphrase", "authtok"]
    private static let oneTimeCode = [
        "one-time", "one time", "onetime", "otp", "oath", "verification code", "passcode", "pin code",
        "pin-code",
        "token", "security code", "authenticator", "second factor", "yubikey", "einmal", "bestätigungscode",
        "prüfcode", "sicherheitscode", "verifizierungscode", "zweiter faktor", "zweiten faktor", "pin:",
    ]
    private static let again = [
        "retype", "re-type", "reenter", "re-enter", "repeat", "again", "verify", "confirm", "erneut",
        "wiederhol",
        "noch einmal", "nochmal", "bestätigen",
    ]
    private static let new = ["new ", "neues ", "neue "]
    private static let current = [
        "current", "old ", "(current)", "aktuelle", "altes ", "bisherige", "jetzige", "derzeitige",
    ]
    /// pam_pwquality, pam_cracklib, pam_unix, pam_pwhistory, SSSD.
    private static let rejected = [
        "bad password", "do not match", "don't match", "stimmen nicht überein", "nicht identisch",
        "password mismatch", "already used", "has been already used", "bereits verwendet", "too short",
        "zu kurz",
        "too simple", "too similar", "zu ähnlich", "zu einfach", "choose a longer", "password unchanged",
        "passwort nicht geändert", "schlechtes passwort", "password change failed",
        "password change rejected",
        "no password supplied", "no password has been supplied", "minimum",
    ]
    private static let willExpire = ["will expire", "expires in", "läuft in", "wird in", "läuft ab in"]
    /// SSSD, winbind, pam_unix ("You are required to change your password immediately").
    private static let expired = [
        "expired", "abgelaufen", "required to change", "need to change", "must change", "must be changed",
        "muss geändert",
        "müssen ihr passwort", "müssen ihr kennwort", "change your password now", "sofort ändern",
    ]
    private static let changed = [
        "updated successfully", "successfully updated", "changed successfully", "successfully changed",
        "has been changed",
        "erfolgreich geändert", "erfolgreich aktualisiert", "wurde geändert",
    ]
}

/// Whether a one-time code was shown, where the stack itself says nothing (see ``FactorMark``).
///
/// It was when at least two questions were answered while authenticating, and one
/// after the first wanted a one-time code.
///
/// A password with a code appended to it, as RADIUS servers take it, does not count: nothing here can see it.
struct SecondFactor: Hashable, Sendable {
    private var questions = 0
    private(set) var shown = false

    mutating func asked(_ meaning: SignInPrompt.Meaning) {
        questions += 1
        if 2 <= questions && meaning == .oneTimeCode { shown = true }
    }
}
