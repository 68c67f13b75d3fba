// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what is asked of the policy.

package import Cedar

/// What somebody wants to do; raw values are the ids of the actions.
package enum PolicyAction: String, Hashable, Sendable, CaseIterable {
    /// Come in at the portal.
    case signIn = "login"
    /// Open a session; its redirections are decided along with it.
    case connect
    /// Come back to one after a broken line.
    case reconnect
    /// Go on in a running one; asked again and again.
    case keep
    /// Read the audit log.
    case viewAudit
    /// Take the audit log out of the house.
    case exportAudit
    /// Learn who stands behind a pseudonym.
    case revealPseudonym
    /// Answer somebody's request to learn that.
    case answerReveal
    /// Keep records beyond their time, or have those erased whose time is over.
    case retainAudit
    /// Look at sessions and end them.
    case operate
}

extension PolicyAction {
    /// What is asked about people on duty, at the gateway's own machine.
    package static let duties: [PolicyAction] =
        [.viewAudit, .exportAudit, .revealPseudonym, .answerReveal, .retainAudit, .operate]
}

/// What it is about.
package enum PolicyTarget: Hashable, Sendable {
    /// For `signIn`, and for `operate` in the whole county.
    case gateway
    /// `municipality/pool/desktop`; for `connect`, `reconnect`, `keep`.
    case desktop(String)
    /// For actions on the audit log and `operate`; nil: the whole county.
    case municipality(String?)
}

/// How, from where and when.
package struct PolicyCircumstances: Hashable, Sendable {
    /// Milliseconds since 1970.
    package var time: Int64
    /// Where the client is.
    package var address: CedarIPAddress
    package var factor: PolicyFactor
    /// Seconds since the factor was shown; for `keep` its age when the session was opened.
    package var factorAge: Int64
    package var client: PolicyClientKind
    package var trust: PolicyTrust
    /// What the verified client certificate calls the machine; nil without one.
    package var device: String?

    /// All parts.
    package init(
        time: Int64,
        address: CedarIPAddress,
        factor: PolicyFactor = .none,
        factorAge: Int64 = 0,
        client: PolicyClientKind = .native,
        trust: PolicyTrust = .unknown,
        device: String? = nil
    ) {
        self.time = time
        self.address = address
        self.factor = factor
        self.factorAge = factorAge
        self.client = client
        self.trust = trust
        self.device = device
    }
}

/// One question.
package struct PolicyQuestion: Sendable {
    package var person: PolicyPerson
    package var action: PolicyAction
    package var target: PolicyTarget
    package var circumstances: PolicyCircumstances

    /// All parts.
    package init(
        _ person: PolicyPerson,
        _ action: PolicyAction,
        _ target: PolicyTarget,
        _ circumstances: PolicyCircumstances
    ) {
        self.person = person
        self.action = action
        self.target = target
        self.circumstances = circumstances
    }
}

/// A person as one set of policies sees them; made once by `AccessPolicySet.person`, good for many questions.
package struct PolicyPerson: Sendable {
    /// Canonical user name.
    package let user: String
    /// NSS group names.
    package let groups: Set<String>
    /// The first municipality the person belongs to by group.
    package let municipality: String?
    /// Whether any municipality or rule is about the person's groups.
    package let isKnown: Bool
    let entity: CedarEntity
    let ancestors: Set<EntityUID>
}
