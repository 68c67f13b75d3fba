// SPDX-License-Identifier: EUPL-1.2
// Torhaus: people who are the same to the rules.

package import AccessPolicy
package import Cedar

/// People with the same groups, as far as rules name them.
package struct PersonClass: Hashable, Sendable, Comparable {
    /// Sorted, each once.
    package let groups: [String]
    /// A person of this class, when one is known.
    package let example: String?

    package init(groups: some Sequence<String>, example: String? = nil) {
        self.groups = Set(groups).sorted()
        self.example = example
    }

    /// The user name that stands for the class in decisions.
    package var user: String { example ?? Self.nobody }

    /// A name no directory gives away.
    private static let nobody = "-"

    package static func < (left: PersonClass, right: PersonClass) -> Bool {
        left.groups.count == right.groups.count
            ? left.groups.lexicographicallyPrecedes(right.groups) : left.groups.count < right.groups.count
    }

    package static func == (left: PersonClass, right: PersonClass) -> Bool { left.groups == right.groups }

    package func hash(into hasher: inout Hasher) { hasher.combine(groups) }
}

extension PersonClass: CustomStringConvertible {
    /// For a line of text.
    package var description: String {
        let members =
            switch groups.count {
            case 0: "anybody without a group"
            case 1: "members of \(groups.joined())"
            default: "members of \(groups.joined(separator: " and "))"
            }
        return example.map { "\(members) (such as \($0))" } ?? members
    }
}

extension PersonClass {
    /// The classes to ask about when the directory is not asked: nobody's, each group by itself, each group
    /// together with a municipality that speaks of it, and each of these with a group that a forbid names.
    ///
    /// Only groups that a rule, a pool, a municipality or a role of one of the sets names can matter.
    /// What takes three groups of one municipality at once is not found; give people's real groups then.
    package static func all(of sets: [AccessPolicySet], with people: [PersonClass] = []) -> [PersonClass] {
        var classes: Set<PersonClass> = Set(people)
        classes.insert(PersonClass(groups: []))
        var forbidden: Set<String> = []
        for set in sets {
            let groups = set.input.groups.union(set.rules.flatMap { $0.policy.namedGroups })
            for group in groups { classes.insert(PersonClass(groups: [group])) }
            for municipality in set.input.municipalities {
                let own = Set(
                    municipality.pools.flatMap(\.groups) + municipality.rows.flatMap(\.groups)
                        + municipality.roles.values.flatMap { $0 }
                )
                for home in municipality.groups {
                    for group in own where group != home {
                        classes.insert(PersonClass(groups: [home, group]))
                    }
                }
            }
            for rule in set.rules where rule.policy.effect == .forbid {
                forbidden.formUnion(rule.policy.namedGroups)
            }
        }
        for group in forbidden.union(sets.flatMap(\.input.externalGroups)) {
            for plain in classes where plain.groups.count < 3 && !plain.groups.contains(group) {
                classes.insert(PersonClass(groups: plain.groups + [group]))
            }
        }
        return classes.sorted()
    }
}

extension CedarPolicy {
    /// The groups that the policy names, in scope and conditions.
    package var namedGroups: [String] {
        namedEntities.map(\.uid).filter { $0.type == Gw.group }.map(\.id.string)
    }
}
