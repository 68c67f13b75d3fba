// SPDX-License-Identifier: EUPL-1.2
// Torhaus: who gains and who loses when one set of rules replaces another.

package import AccessPolicy
internal import Cedar

/// Compares two sets by asking both, at both sides of every bound that one of them draws.
///
/// Exact for the desktops, pools and zones of the two sets, for the people that were given or that
/// `PersonClass.all` makes up, and for rules that compare attributes with constants.
package struct PolicyDiff: Sendable {
    /// In the order persons, targets.
    package let changes: [AccessChange]
    /// Questions that both sets were asked.
    package let asked: Int
    /// Persons with targets for which some circumstances were left out because there are too many.
    package let cut: Int

    /// Asks everything; `reference` is a moment in milliseconds since 1970, `limit` as in `Situations`.
    package init(
        _ old: AccessPolicySet,
        _ new: AccessPolicySet,
        people: [PersonClass] = [],
        reference: Int64,
        limit: Int = Situations.limit
    ) {
        var comparison = Comparison(old: old, new: new, reference: reference, limit: limit)
        let targets = AccessTarget.all(of: [old, new]).map { ComparedTarget($0, old, new) }
        for person in PersonClass.all(of: [old, new], with: people) {
            comparison.compare(person, targets)
        }
        changes = comparison.changes
        asked = comparison.asked
        cut = comparison.cut
    }
}

/// A target with the rules of both sets whose scopes reach it.
private struct ComparedTarget {
    let target: AccessTarget
    let old: [CedarPolicy]
    let new: [CedarPolicy]
    /// Whether nothing differs about the target itself: where it is, what it is, its own limits.
    let isSame: Bool
    /// Whether the rules are the same too, for all people.
    let areRulesSame: Bool

    init(_ target: AccessTarget, _ old: AccessPolicySet, _ new: AccessPolicySet) {
        self.target = target
        let one = Self.look(target, old)
        let other = Self.look(target, new)
        self.old = one.rules
        self.new = other.rules
        isSame = one.facts == other.facts
        areRulesSame = one.rules == other.rules
    }

    private struct Facts: Equatable {
        var resource: CedarEntity?
        var above: Set<EntityUID> = []
        var idleSeconds: UInt32?
        var longestSeconds: UInt32?
    }

    private static func look(
        _ target: AccessTarget,
        _ set: AccessPolicySet
    ) -> (facts: Facts, rules: [CedarPolicy]) {
        let nobody = set.person("", groups: [])
        let question = PolicyQuestion(nobody, target.action, target.target, .nowhere)
        guard let request = set.request(question) else { return (Facts(), []) }
        // Redirections are decided along with the session.
        let actions = [request.action] + (target.isSession ? PolicyRedirection.uids : [])
        var pool: PolicyPool?
        if case .desktop(let id) = target.target { pool = set.pool(of: id) }
        var rules: [CedarPolicy] = []
        for rule in set.rules where rule.policy.resource.admits(request.resource, set.entities) {
            guard actions.contains(where: { rule.policy.action.admits($0, set.entities) }) else { continue }
            rules.append(rule.policy)
        }
        let facts = Facts(
            resource: set.entities[request.resource]?.entity,
            above: set.entities[request.resource]?.ancestors ?? [],
            idleSeconds: pool?.idleSeconds,
            longestSeconds: pool?.longestSeconds
        )
        return (facts, rules)
    }
}

/// The work of a comparison.
private struct Comparison {
    let old: AccessPolicySet
    let new: AccessPolicySet
    let reference: Int64
    let limit: Int
    /// Whether zones differ, so that equal rules may answer differently.
    let areZonesOther: Bool
    private(set) var changes: [AccessChange] = []
    private(set) var asked = 0
    private(set) var cut = 0
    /// Circumstances by the rules they are for.
    private var situations: [Set<CedarPolicy>: Situations] = [:]

    init(old: AccessPolicySet, new: AccessPolicySet, reference: Int64, limit: Int) {
        self.old = old
        self.new = new
        self.reference = reference
        self.limit = limit
        areZonesOther = ZoneDraft.all(old) != ZoneDraft.all(new)
    }

    mutating func compare(_ person: PersonClass, _ targets: [ComparedTarget]) {
        let before = old.person(person.user, groups: person.groups)
        let after = new.person(person.user, groups: person.groups)
        let one = old.entities(with: before)
        let other = new.entities(with: after)
        let user = Gw.uid(Gw.user, person.user)
        let isPersonSame = one[user]?.entity == other[user]?.entity
        let isBesideSame = isPersonSame && !areZonesOther
        for target in targets {
            // Most of a county is untouched by a change; it costs nothing.
            if target.isSame, target.areRulesSame, isBesideSame { continue }
            let earlier = target.old.filter { $0.principal.admits(user, one) }
            let later = target.new.filter { $0.principal.admits(user, other) }
            // The same rules about the same things answer the same.
            if target.isSame, isBesideSame, earlier == later { continue }
            ask(person, (before, after), target.target, Set(earlier + later))
        }
    }

    private mutating func ask(
        _ person: PersonClass,
        _ people: (PolicyPerson, PolicyPerson),
        _ target: AccessTarget,
        _ rules: Set<CedarPolicy>
    ) {
        let situations = situations(for: rules)
        if situations.isCut { cut += 1 }
        var found: [AccessChange.Kind: AccessChange] = [:]
        for circumstances in situations.all {
            let before = old.decide(PolicyQuestion(people.0, target.action, target.target, circumstances))
            let after = new.decide(PolicyQuestion(people.1, target.action, target.target, circumstances))
            for kind in AccessChange.Kind.all(before, after) {
                found[
                    kind,
                    default: AccessChange(
                        kind: kind,
                        person: person,
                        target: target,
                        example: circumstances,
                        before: before,
                        after: after,
                        asked: situations.all.count
                    )
                ].cells += 1
            }
        }
        asked += situations.all.count
        changes += AccessChange.Kind.allCases.compactMap { found[$0] }
    }

    private mutating func situations(for rules: Set<CedarPolicy>) -> Situations {
        if let known = situations[rules] { return known }
        let made = Situations(for: rules, of: [old, new], reference: reference, limit: limit)
        situations[rules] = made
        return made
    }
}

/// A zone without the place it was written at.
private struct ZoneDraft: Hashable {
    let name: String
    let networks: [CedarIPAddress]
    let parent: String?

    static func all(_ set: AccessPolicySet) -> Set<ZoneDraft> {
        Set(set.input.zones.map { ZoneDraft(name: $0.name, networks: $0.networks, parent: $0.parent) })
    }
}

extension PolicyCircumstances {
    /// Stands where a question is only looked at for who and what.
    static let nowhere = PolicyCircumstances(
        time: 0,
        address: CedarIPAddress(isV6: false, high: 0, low: 0, prefix: 32)
    )
}

extension AccessTarget {
    /// Whether redirections are decided along with it.
    package var isSession: Bool { action == .connect || action == .reconnect || action == .keep }
}

extension PolicyRedirection {
    /// All of them as actions.
    static let uids = allCases.map { Gw.uid(Gw.action, $0.rawValue) }
}

extension AccessPolicySet {
    /// The pool of a desktop `municipality/pool/desktop`; nil when there is none.
    package func pool(of desktop: String) -> PolicyPool? {
        for municipality in input.municipalities {
            if let pool = municipality.pools.first(where: { $0.desktops.contains(desktop) }) { return pool }
        }
        return nil
    }
}
