// SPDX-License-Identifier: EUPL-1.2
// Torhaus: descriptions of the messages that carry secrets, so that no log line can.

/// A type whose descriptions say its shape, and nothing of its secrets.
package protocol Redacted: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension Redacted {
    /// The same as `description`.
    package var debugDescription: String { description }

    /// Without children: `dump` and test reports look here.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension TunnelCredential: Redacted {
    /// Which kind, and not more.
    package var description: String {
        switch self {
        case .ticket: "ticket(<redacted>)"
        case .basic: "basic(<redacted>)"
        }
    }
}

extension AuthorizeTunnel: Redacted {
    /// The client and the kind of credential.
    package var description: String {
        "AuthorizeTunnel(client: \(client), credential: \(credential), purpose: \(purpose))"
    }
}

extension TunnelGrant: Redacted {
    /// All but the ticket.
    package var description: String {
        "TunnelGrant(ticket: <redacted>, redirection: \(redirection), idleMinutes: \(idleMinutes))"
    }
}

extension OpenSession: Redacted {
    /// All but the ticket.
    package var description: String {
        "OpenSession(client: \(client), ticket: <redacted>, desktopProtocol: \(desktopProtocol), "
            + "requestedNames: \(requestedNames), requestedPort: \(requestedPort), predecessor: \(predecessor))"
    }
}

extension SignInRequest: Redacted {
    /// The number of answers instead of the answers.
    package var description: String {
        switch self {
        case .begin(let begin): "begin(\(begin))"
        case .answer(let answers): "answer(\(answers.count) <redacted>)"
        case .abandon: "abandon"
        case .lookUpGroups(let user): "lookUpGroups(\(user))"
        }
    }
}
