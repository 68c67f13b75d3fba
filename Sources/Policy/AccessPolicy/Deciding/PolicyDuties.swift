// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what one person may do on duty: read the audit log, operate.

internal import Cedar

/// The answers of one set of policies about one person at the gateway's own machine.
///
/// Such a person has no client: the address is the machine's own, and no second factor was shown.
package struct PolicyDuties: Sendable {
    /// 127.0.0.1.
    private static let machine = CedarIPAddress(isV6: false, high: 0, low: 0x7f00_0001, prefix: 32)

    /// Nobody has any role yet and root asks, who sets the machine up: what no rule is about is allowed.
    package let isUnruled: Bool
    private let policy: AccessPolicySet
    private let person: PolicyPerson
    private let circumstances: PolicyCircumstances

    /// `groups` are NSS names, `time` is in milliseconds since 1970.
    package init(
        _ policy: AccessPolicySet,
        user: String,
        groups: some Sequence<String>,
        time: Int64,
        hasRootRights: Bool = false
    ) {
        self.policy = policy
        isUnruled = hasRootRights && !policy.hasRoles
        person = policy.person(user, groups: groups)
        circumstances = PolicyCircumstances(time: time, address: Self.machine)
    }

    /// Whether the person may do this in a municipality, or in the whole county with nil.
    ///
    /// What is no duty, such as opening a desktop, is never allowed here.
    package func allows(_ action: PolicyAction, in municipality: String?) -> Bool {
        let target: PolicyTarget
        switch action {
        case .viewAudit, .exportAudit, .revealPseudonym, .answerReveal, .retainAudit:
            target = .municipality(municipality)
        case .operate: target = municipality.map { .municipality($0) } ?? .gateway
        case .signIn, .connect, .reconnect, .keep: return false
        }
        let decision = policy.decide(PolicyQuestion(person, action, target, circumstances))
        if decision.isAllowed { return true }
        // A guardrail that forbids, that is broken, or that permits it to others holds for root too.
        return isUnruled && decision.reason == .noRule
    }

    /// Why something is refused in a municipality, or in the whole county with nil; for a refusal's record.
    package func refusal(_ action: PolicyAction, in municipality: String?) -> PolicyRefusal {
        let isForGateway = action == .operate && municipality == nil
        let target: PolicyTarget = isForGateway ? .gateway : .municipality(municipality)
        let decision = policy.decide(PolicyQuestion(person, action, target, circumstances))
        return PolicyRefusal(
            reason: decision.reason ?? .noRule,
            rules: decision.rules.map(\.name),
            version: decision.version
        )
    }

    /// Whether the person may do this anywhere.
    package func allowsSomewhere(_ action: PolicyAction) -> Bool {
        allows(action, in: nil) || policy.input.municipalities.contains { allows(action, in: $0.name) }
    }
}

/// Why somebody on duty may not do something.
package struct PolicyRefusal: Hashable, Sendable {
    package let reason: PolicyReason
    /// The rules that forbade it, or came nearest.
    package let rules: [String]
    /// Names the set of policies that answered.
    package let version: String

    /// All parts.
    package init(reason: PolicyReason, rules: [String] = [], version: String = "") {
        self.reason = reason
        self.rules = rules
        self.version = version
    }

    /// For the person who was refused; where rules stand, they are named.
    package var sentence: String {
        let named = rules.isEmpty ? "" : " (\(rules.joined(separator: ", ")))"
        return switch reason {
        case .unknownPerson: "no rule names a group of this account"
        case .notMember: "the roles that allow it have other groups, or other municipalities\(named)"
        case .noRule: "no role allows it to anybody in the whole county; see roles: in torhaus.yaml"
        case .policyFault: "a rule could not be evaluated\(named)"
        default: "a rule of the county forbids it: \(reason.rawValue)\(named)"
        }
    }
}

extension AccessPolicySet {
    /// Whether any role is given to anybody, in the county's file or in a municipality's.
    ///
    /// Guardrails do not count: they may permit, but are no roles.
    package var hasRoles: Bool {
        ([input.roles] + input.municipalities.map(\.roles)).contains { roles in
            roles.values.contains { !$0.isEmpty }
        }
    }
}
