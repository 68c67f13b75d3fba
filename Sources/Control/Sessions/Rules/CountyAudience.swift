// SPDX-License-Identifier: EUPL-1.2
// Torhaus: whom the county's own permits can be about, so that nobody is asked about 2,500 desktops that are not hers.

internal import AccessPolicy
internal import Cedar

/// People whom a permit in a file of guardrails may let in somewhere.
struct CountyAudience: Sendable {
    /// A permit whose scope leaves the person open; its conditions are not ours to read.
    private var isEverybody = false
    private var groups: Set<String> = []
    private var users: Set<String> = []

    /// Looks at the scopes of all permits that the county wrote.
    init(_ policy: AccessPolicySet) {
        let municipalities = Dictionary(policy.input.municipalities.map { ($0.name, $0.groups) }) { $1 }
        for rule in policy.rules where rule.kind == .guardrail && rule.policy.effect == .permit {
            switch rule.policy.principal {
            case .equal(let uid) where uid.type == Gw.user: users.insert(uid.id.string)
            case .isIn(let uid) where uid.type == Gw.group: groups.insert(uid.id.string)
            case .isTypeIn(_, let uid) where uid.type == Gw.group: groups.insert(uid.id.string)
            case .isIn(let uid) where uid.type == Gw.municipality:
                guard let named = municipalities[uid.id.string] else {
                    isEverybody = true
                    continue
                }
                groups.formUnion(named)
            case .any, .equal, .isIn, .isType, .isTypeIn: isEverybody = true
            }
        }
    }

    /// Whether any of these permits can be about the person.
    func contains(_ person: SignedInPerson) -> Bool {
        isEverybody || users.contains(person.user) || !groups.isDisjoint(with: person.groups)
    }
}
