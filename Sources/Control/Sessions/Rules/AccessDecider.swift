// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the question that every grant asks, and the form of its answer.

/// What somebody wants to do.
package enum AccessAction: String, Sendable, Hashable, CaseIterable {
    case signIn = "sign-in"
    /// About no desktop: to see the list at all; about one: to see it there.
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
    package var client: AccessClient
    /// Milliseconds since 1970.
    package var time: UInt64
    /// When the session was opened that is resumed or kept, milliseconds since 1970; nil before there is one.
    package var openedAt: UInt64?

    /// All parts.
    package init(
        person: SignedInPerson,
        action: AccessAction,
        desktop: DesktopEntry? = nil,
        client: AccessClient,
        time: UInt64,
        openedAt: UInt64? = nil
    ) {
        self.person = person
        self.action = action
        self.desktop = desktop
        self.client = client
        self.time = time
        self.openedAt = openedAt
    }
}

/// A yes.
package struct AccessGrant: Sendable, Hashable {
    package var obligations: Obligations
    /// The rules that allowed it.
    package var rules: [String]
    /// Names the set of rules that answered.
    package var policyVersion: String
    /// Rules that could not be evaluated and did not matter.
    package var faults: [RuleFault]

    /// All parts.
    package init(
        obligations: Obligations = Obligations(),
        rules: [String] = [],
        policyVersion: String = "",
        faults: [RuleFault] = []
    ) {
        self.obligations = obligations
        self.rules = rules
        self.policyVersion = policyVersion
        self.faults = faults
    }

    /// The rules as one field of a record.
    package var rule: String { rules.joined(separator: " ") }
}

/// A rule that could not be evaluated.
package struct RuleFault: Sendable, Hashable {
    /// Empty when the question itself was at fault.
    package let rule: String
    /// One lower-case phrase.
    package let message: String

    /// Both parts.
    package init(rule: String, message: String) {
        self.rule = rule
        self.message = message
    }
}

/// The answer.
package enum AccessDecision: Sendable, Hashable {
    case allowed(AccessGrant)
    case refused(AccessDenial)
}

/// What time alone will do to a grant.
package enum GrantOutlook: Sendable, Hashable {
    /// The grant holds, as far as was looked.
    case lasts
    /// It is still a grant, and binds differently from then on (milliseconds since 1970).
    case changes(at: UInt64)
    /// From then on it is refused (milliseconds since 1970).
    case closes(at: UInt64)
}

/// Decides; pure and quick, because it is asked for every desktop on a page.
package protocol AccessDecider: Sendable {
    /// Names the set of rules in records.
    var version: String { get }
    func decide(_ request: AccessRequest) -> AccessDecision
    /// Whether any rule could ever let this person open this desktop: she may know that it exists.
    func concerns(_ person: SignedInPerson, _ desktop: DesktopEntry) -> Bool
    /// What becomes of a grant within some milliseconds from the request's time; costs several decisions.
    func outlook(_ request: AccessRequest, within milliseconds: UInt64) -> GrantOutlook
    /// What the rules said that decided or nearly did, a line each, for the look-up of a refusal.
    func explain(_ request: AccessRequest) -> [String]
}
