// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the words that rules, rows and requests share.

/// The second factor that was shown at sign-in; raw values are the ids of `Gw::Mfa`.
package enum PolicyFactor: String, Hashable, Sendable, CaseIterable {
    case none
    /// A one-time code; one that PAM's modules ask for beside the password counts as this by itself.
    case totp
    case push
    case webauthn
    case smartcard
}

/// What somebody works with; raw values are the ids of `Gw::Client`.
package enum PolicyClientKind: String, Hashable, Sendable, CaseIterable {
    /// mstsc, FreeRDP, Windows App.
    case native
    case browser
}

/// What is known about the person's machine; raw values are the ids of `Gw::Trust`.
package enum PolicyTrust: String, Hashable, Sendable, CaseIterable {
    case unknown
    /// It showed a client certificate of the county's authority.
    case managed
}

/// What may pass between the person's machine and the desktop; raw values are the ids of the actions.
package enum PolicyRedirection: String, Hashable, Sendable, CaseIterable {
    /// From the person's machine to the desktop.
    case clipboardIn
    /// From the desktop to the person's machine.
    case clipboardOut
    case driveIn
    case driveOut
    case print
    /// Sound from the desktop.
    case audioOut
    /// The person's microphone.
    case audioIn
    case smartcard
    case port
    case webauthn
}

/// What a role lets its members do; raw values are the words in YAML.
package enum PolicyRole: String, Hashable, Sendable, CaseIterable {
    /// Reads the audit log, with pseudonyms.
    case auditor
    /// Reads the audit log and may learn who stands behind a pseudonym.
    case dataProtection = "data_protection"
    /// Holds one of the keys that open names: answers requests for them, and places legal holds.
    case keyHolder = "key_holder"
    /// Looks at sessions and ends them.
    case `operator`
}
