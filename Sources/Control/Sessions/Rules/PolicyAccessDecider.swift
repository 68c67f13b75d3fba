// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the one decider: every question goes to the county's set of Cedar policies.

package import AccessPolicy
internal import Cedar

/// Turns questions into those of the policy, and its answers into grants and sentences.
package struct PolicyAccessDecider: AccessDecider {
    /// The rules, for questions that are not about sessions.
    package let policy: AccessPolicySet
    private let reauthenticateSeconds: UInt32
    private let consentText: String
    /// Groups that a row, or a pool without rows, names, by `municipality/pool`.
    private let audiences: [String: Set<String>]
    /// Whom the files of guardrails grant something, too.
    private let county: CountyAudience
    /// What people are told of a rule's hours, by its name.
    private let hours: [String: OpeningHours]

    /// A closing rule is found behind at most so many changes that close nothing.
    private static let mostChanges = 64

    /// The rules give what no policy says: how often people prove themselves again, and the consent text.
    package init(_ policy: AccessPolicySet, _ rules: SessionRules) {
        self.policy = policy
        reauthenticateSeconds = rules.reauthenticateSeconds
        consentText = rules.consentText
        var audiences: [String: Set<String>] = [:]
        var hours: [String: OpeningHours] = [:]
        for municipality in policy.input.municipalities {
            for row in municipality.rows {
                hours["\(municipality.name)/access/\(row.name)"] = OpeningHours(row)
            }
            for pool in municipality.pools {
                hours["\(municipality.name)/\(pool.name)/groups"] = OpeningHours(pool.hours)
                audiences["\(municipality.name)/\(pool.name)"] = municipality.audience(of: pool)
            }
        }
        self.audiences = audiences
        self.hours = hours
        county = CountyAudience(policy)
    }

    package var version: String { policy.version }

    package func decide(_ request: AccessRequest) -> AccessDecision {
        if request.action.needsDesktop, request.desktop == nil {
            // A desktop that left the configuration is nobody's.
            return .refused(.desktopUnknown(""))
        }
        if request.action == .listDesktops, let desktop = request.desktop, !concerns(request.person, desktop)
        {
            return .refused(.notInPool(rule: ""))
        }
        guard let question = question(request) else {
            return .refused(.unavailable("the client's address has not 16 bytes"))
        }
        let decision = policy.decide(question)
        let faults = decision.faults.map { RuleFault(rule: $0.rule?.name ?? "", message: $0.message) }
        guard decision.isAllowed else {
            var denial = denial(decision, request)
            denial.rule = decision.rules.prefix(Self.mostNames).map(\.name).joined(separator: " ")
            denial.policyVersion = decision.version
            denial.faults = faults
            return .refused(denial)
        }
        return .allowed(
            AccessGrant(
                obligations: obligations(decision),
                rules: decision.rules.map(\.name),
                policyVersion: decision.version,
                faults: faults
            )
        )
    }

    package func concerns(_ person: SignedInPerson, _ desktop: DesktopEntry) -> Bool {
        isMember(person, desktop) || county.contains(person)
    }

    package func outlook(_ request: AccessRequest, within milliseconds: UInt64) -> GrantOutlook {
        guard var question = question(request) else { return .lasts }
        let end = Self.signed(request.time).addingReportingOverflow(Self.signed(milliseconds)).partialValue
        var first: Int64?
        for _ in 0..<Self.mostChanges {
            let time = question.circumstances.time
            guard time < end, let change = policy.nextChange(of: question, within: end - time) else { break }
            if !change.decision.isAllowed { return .closes(at: UInt64(clamping: change.time)) }
            first = first ?? change.time
            question.circumstances.time = change.time
        }
        return first.map { .changes(at: UInt64(clamping: $0)) } ?? .lasts
    }

    // MARK: Questions

    /// Nil when the address is none.
    func question(_ request: AccessRequest) -> PolicyQuestion? {
        guard let address = CedarIPAddress(bytes: request.client.address) else { return nil }
        let person = request.person
        return PolicyQuestion(
            policy.person(person.user, groups: person.groups),
            request.action.asked(aboutDesktop: request.desktop != nil),
            request.desktop.map { .desktop($0.id) } ?? .gateway,
            PolicyCircumstances(
                time: Self.signed(request.time),
                address: address,
                factor: person.secondFactor.policyFactor,
                factorAge: factorAge(request),
                client: request.client.way == .client ? .native : .browser,
                trust: request.client.isManaged ? .managed : .unknown,
                device: request.client.device
            )
        )
    }

    /// Seconds from the sign-in; for a session that runs, until it was opened: a working day may be longer than
    /// a factor may be old, and a broken line is no new session.
    private func factorAge(_ request: AccessRequest) -> Int64 {
        guard let signedIn = request.person.signedInAt else { return .max }
        let time = request.openedAt ?? request.time
        return time <= signedIn ? 0 : Self.signed((time - signedIn) / 1000)
    }

    private static func signed(_ number: UInt64) -> Int64 { Int64(clamping: number) }

    // MARK: Answers

    /// Rules named in a refusal's record; somebody in no group at all comes near every rule.
    static let mostNames = 4

    private func obligations(_ decision: PolicyDecision) -> Obligations {
        Obligations(
            idleSeconds: decision.obligations.idleSeconds,
            longestSeconds: decision.obligations.longestSeconds,
            redirections: Redirection.allowed(by: decision.redirections),
            reauthenticateSeconds: reauthenticateSeconds,
            consentText: consentText,
            isRecorded: decision.obligations.record,
            notify: decision.obligations.notify
        )
    }

    private func isMember(_ person: SignedInPerson, _ desktop: DesktopEntry) -> Bool {
        guard let audience = audiences["\(desktop.municipality)/\(desktop.pool)"] else { return false }
        return !audience.isDisjoint(with: person.groups)
    }

    private func denial(_ decision: PolicyDecision, _ request: AccessRequest) -> AccessDenial {
        let reason = decision.reason ?? .policyFault
        guard let desktop = request.desktop else { return .policy(reason, signIn: decision.stepUp, request) }
        // Whoever could never open it learns nothing about it, whatever else would speak against it.
        guard isMember(request.person, desktop) || (county.contains(request.person) && reason.isOfMembers)
        else {
            return .notInPool(rule: "", reason: reason == .notMember ? "not-in-group" : reason.rawValue)
        }
        let told = decision.rules.lazy.compactMap { hours[$0.name] }.first
        var denial = AccessDenial.policy(reason, stepUp: decision.stepUp, hours: told, request)
        denial.listed = denial.listed && isMember(request.person, desktop)
        return denial
    }
}

extension AccessAction {
    fileprivate var needsDesktop: Bool {
        switch self {
        case .signIn, .listDesktops: false
        case .issueTicket, .openSession, .resume, .keepSession: true
        }
    }
}

extension AccessAction {
    /// What the policy calls it; the list of desktops as a whole is for whoever may sign in.
    fileprivate func asked(aboutDesktop: Bool) -> PolicyAction {
        switch self {
        case .signIn: .signIn
        case .listDesktops: aboutDesktop ? .connect : .signIn
        case .issueTicket, .openSession: .connect
        case .resume: .reconnect
        case .keepSession: .keep
        }
    }
}

extension PolicyReason {
    /// Whether only somebody whom a rule is about is given this reason.
    fileprivate var isOfMembers: Bool {
        switch self {
        case .outsideHours, .zone, .factor, .device, .client: true
        case .unknownPerson, .notMember, .noRule, .guardrail, .unknownTarget, .policyFault: false
        }
    }
}

extension PolicyMunicipality {
    /// Groups for which any rule of the municipality opens the pool at any time.
    fileprivate func audience(of pool: PolicyPool) -> Set<String> {
        guard isRuledByRows(pool) else { return Set(pool.groups) }
        return Set(rows.filter { $0.pools.isEmpty || $0.pools.contains(pool.name) }.flatMap(\.groups))
    }
}
