// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a second factor as stored records, the rules, the audit log and people call it.

internal import AccessPolicy
package import DaemonMessages

/// Its word. Version 0.1 stored whether there was one, and every one was a code.
extension SignInFactor: Codable {
    /// Reads a word, or the truth value of version 0.1; another word is damage.
    package init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let isShown = try? value.decode(Bool.self) {
            self = isShown ? .totp : .none
            return
        }
        let word = try value.decode(String.self)
        guard let factor = SignInFactor(word: word) else {
            throw DecodingError.dataCorruptedError(in: value, debugDescription: "no such second factor")
        }
        self = factor
    }

    /// Writes the word.
    package func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        try value.encode(word)
    }
}

extension SignInFactor {
    /// As the rules ask for it.
    var policyFactor: PolicyFactor {
        switch self {
        case .none: .none
        case .totp: .totp
        case .push: .push
        case .webauthn: .webauthn
        case .smartcard: .smartcard
        }
    }

    /// As records show it; nil when there is nothing to show.
    var auditWord: String? {
        switch self {
        case .none: nil
        // The records' word since before there were others.
        case .totp: "otp"
        case .push, .webauthn, .smartcard: word
        }
    }
}

extension PolicyFactor {
    /// As people call it, behind "mit"; nil for what nobody can show.
    var name: LocalizedText? {
        switch self {
        case .none: nil
        case .totp: LocalizedText(german: "Einmalcode", english: "a one-time code")
        case .push: LocalizedText(german: "Bestätigung am Telefon", english: "a confirmation on your phone")
        case .webauthn: LocalizedText(german: "Sicherheitsschlüssel", english: "a security key")
        case .smartcard: LocalizedText(german: "Chipkarte", english: "a smart card")
        }
    }
}
