// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the rules let pass, in the words of clients and .rdp files.

internal import AccessPolicy
internal import CountyConfiguration

extension Redirection {
    /// All that a decision lets pass.
    ///
    /// The rules tell directions apart, the protocols do not: a client can only be told "no clipboard" and "no
    /// drives", so these stay off unless both directions are allowed.
    static func allowed(by redirections: Set<PolicyRedirection>) -> Set<Redirection> {
        Set(Configuration.Redirection.allowed(by: redirections).map(Redirection.init))
    }

    private init(_ configured: Configuration.Redirection) {
        self =
            switch configured {
            case .clipboard: .clipboard
            case .printer: .printer
            case .drive: .drive
            case .smartcard: .smartcard
            case .audio: .audio
            case .microphone: .microphone
            case .port: .port
            case .webauthn: .webauthn
            }
    }
}
