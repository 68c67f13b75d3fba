// SPDX-License-Identifier: EUPL-1.2
// Torhaus: people as Cedar entities.

internal import Cedar

/// What has to be known to place a person.
struct PeopleTable: Sendable {
    /// In the order of the configuration: the first that a person is in is home.
    private let municipalities: [(uid: EntityUID, name: String)]
    /// Which of them a group belongs to.
    private let owners: [String: [Int]]
    private let external: Set<String>
    /// All groups that any rule names.
    private let named: [String: EntityUID]
    private let county = Gw.uid(Gw.municipality, Gw.county)
    private let nowhere = Gw.uid(Gw.municipality, Gw.nowhere)

    init(_ input: PolicyInput, _ rules: [PolicyRule]) {
        municipalities = input.municipalities.map { (Gw.uid(Gw.municipality, $0.name), $0.name) }
        var owners: [String: [Int]] = [:]
        for (place, municipality) in input.municipalities.enumerated() {
            for group in municipality.groups { owners[group, default: []].append(place) }
        }
        self.owners = owners
        external = Set(input.externalGroups)
        var named: [String: EntityUID] = [:]
        for rule in rules where rule.policy.effect == .permit {
            for (uid, _) in rule.policy.namedEntities where uid.type == Gw.group {
                named[uid.id.string] = uid
            }
        }
        for name in input.groups where named[name] == nil { named[name] = Gw.uid(Gw.group, name) }
        self.named = named
    }

    func person(_ user: String, _ groups: Set<String>) -> PolicyPerson {
        var parents: Set<EntityUID> = []
        var isNamed = false
        for group in groups {
            if let uid = named[group] {
                parents.insert(uid)
                // Being external opens nothing.
                if !external.contains(group) { isNamed = true }
            } else {
                parents.insert(Gw.uid(Gw.group, group))
            }
        }
        let own = Set(groups.flatMap { owners[$0] ?? [] }).sorted().map { municipalities[$0] }
        parents.formUnion(own.map(\.uid))
        let uid = Gw.uid(Gw.user, user)
        let home = own.first?.uid ?? nowhere
        let entity = CedarEntity(
            uid: uid,
            attributes: CedarRecord([
                "active": .bool(isNamed || !own.isEmpty),
                "external": .bool(!external.isDisjoint(with: groups)),
                "home": .entity(home),
            ]),
            parents: parents
        )
        return PolicyPerson(
            user: user,
            groups: groups,
            municipality: own.first?.name,
            isKnown: isNamed || !own.isEmpty,
            entity: entity,
            ancestors: own.isEmpty ? parents : parents.union([county])
        )
    }
}
