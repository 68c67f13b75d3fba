// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the question that every grant asks, and the form of its answer.

package import DaemonMessages

/// What somebody wants to do.
package enum AccessAction: String, Sendable, Hashable, CaseIterable {
    case signIn = "sign-in"
    case listDesktops = "list-desktops"
    case issueTicket = "issue-ticket"
    case openSession = "open-session"
    case resume
    /// Asked again and again while a session runs.
    case keepSession = "keep-session"
}

/// One question; equal questions get equal answers.
package struct AccessRequest: Sendable, Hashable {
    package var person: SignedInPerson
    package var action: AccessAction
    /// Nil for actions that are about no desktop.
    package var desktop: DesktopEntry?
    /// Nil when no client asks, as for `keepSession`.
    package var client: ClientContext?
    /// Milliseconds since 1970.
    package var time: UInt64

    package init(
        person: SignedInPerson,
        action: AccessAction,
        desktop: DesktopEntry? = nil,
        client: ClientContext? = nil,
        time: UInt64
    ) {
        self.person = person
        self.action = action
        self.desktop = desktop
        self.client = client
        self.time = time
    }
}

/// What a grant is bound to.
package struct Obligations: Sendable, Hashable {
    /// 0 for none.
    package var idleSeconds: UInt32
    /// 0 for none.
    package var longestSeconds: UInt32
    package var redirections: Set<Redirection>
    /// 0 for never.
    package var reauthenticateSeconds: UInt32
    package var consentText: String

    package init(
        idleSeconds: UInt32 = 0,
        longestSeconds: UInt32 = 0,
        redirections: Set<Redirection> = [],
        reauthenticateSeconds: UInt32 = 0,
        consentText: String = ""
    ) {
        self.idleSeconds = idleSeconds
        self.longestSeconds = longestSeconds
        self.redirections = redirections
        self.reauthenticateSeconds = reauthenticateSeconds
        self.consentText = consentText
    }

    /// As the audit record shows them.
    var record: [String] {
        let allowed = redirections.map(\.rawValue).sorted().joined(separator: "+")
        return [
            "idle=\(idleSeconds)", "longest=\(longestSeconds)", "reauthenticate=\(reauthenticateSeconds)",
            "redirections=\(allowed.isEmpty ? "none" : allowed)",
        ] + (consentText.isEmpty ? [] : ["consent"])
    }
}

/// The answer.
package enum AccessDecision: Sendable, Hashable {
    /// With the rule that allowed it.
    case allowed(Obligations, rule: String)
    case refused(AccessDenial)
}

/// Decides; pure and quick, because it is asked for every desktop on a page.
package protocol AccessDecider: Sendable {
    func decide(_ request: AccessRequest) -> AccessDecision
}
