// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what one person can reach.

package import AccessPolicy
internal import Cedar

/// The desktops of a person, pool by pool.
package struct PersonReach: Sendable {
    /// The desktops of one pool that get the same answer.
    package struct Pool: Hashable, Sendable {
        package let municipality: String
        package let pool: String
        package let desktops: [String]
        /// The answer under the asked circumstances.
        package let decision: PolicyDecision
        /// When it is refused then: circumstances under which it would be allowed; nil when it never is.
        package let elsewise: PolicyCircumstances?
    }

    package let person: PolicyPerson
    package let circumstances: PolicyCircumstances
    /// The answer to signing in.
    package let signIn: PolicyDecision
    /// Pools that are open now or could be, in the order of the configuration.
    package let pools: [Pool]
    /// Actions beside desktops that are allowed, with the municipality; nil for the whole county.
    package let duties: [AccessTarget]

    package init(
        _ person: PolicyPerson,
        _ set: AccessPolicySet,
        _ circumstances: PolicyCircumstances
    ) {
        self.person = person
        self.circumstances = circumstances
        signIn = set.decide(PolicyQuestion(person, .signIn, .gateway, circumstances))
        var pools: [Pool] = []
        for municipality in set.input.municipalities {
            for pool in municipality.pools {
                pools += Self.pools(person, set, circumstances, municipality.name, pool)
            }
        }
        self.pools = pools
        duties = AccessTarget.all(of: [set]).filter { target in
            guard !target.isSession, target.action != .signIn else { return false }
            return set.decide(PolicyQuestion(person, target.action, target.target, circumstances)).isAllowed
        }
    }

    private static func pools(
        _ person: PolicyPerson,
        _ set: AccessPolicySet,
        _ circumstances: PolicyCircumstances,
        _ municipality: String,
        _ pool: PolicyPool
    ) -> [Pool] {
        var decisions: [(decision: PolicyDecision, desktops: [String])] = []
        for desktop in pool.desktops {
            let decision = set.decide(PolicyQuestion(person, .connect, .desktop(desktop), circumstances))
            if let place = decisions.firstIndex(where: { $0.decision == decision }) {
                decisions[place].desktops.append(desktop)
            } else {
                decisions.append((decision, [desktop]))
            }
        }
        return decisions.compactMap { decision, desktops in
            guard let desktop = desktops.first else { return nil }
            var elsewise: PolicyCircumstances?
            if !decision.isAllowed {
                elsewise = Self.opening(person, set, desktop, reference: circumstances.time)
                if elsewise == nil { return nil }
            }
            return Pool(
                municipality: municipality,
                pool: pool.name,
                desktops: desktops,
                decision: decision,
                elsewise: elsewise
            )
        }
    }

    /// The most ordinary circumstances under which the desktop opens; nil when it never does.
    private static func opening(
        _ person: PolicyPerson,
        _ set: AccessPolicySet,
        _ desktop: String,
        reference: Int64
    ) -> PolicyCircumstances? {
        let question = PolicyQuestion(person, .connect, .desktop(desktop), .nowhere)
        guard let request = set.request(question) else { return nil }
        let entities = set.entities(with: person)
        let rules = set.rules.map(\.policy).filter { policy in
            policy.principal.admits(request.principal, entities)
                && policy.resource.admits(request.resource, entities)
                && policy.action.admits(request.action, entities)
        }
        guard rules.contains(where: { $0.effect == .permit }) else { return nil }
        return Situations(for: rules, of: [set], reference: reference).all.first { circumstances in
            set.decide(PolicyQuestion(person, .connect, .desktop(desktop), circumstances)).isAllowed
        }
    }
}
