// SPDX-License-Identifier: EUPL-1.2
// Torhaus: every group that the files name, so that the machine can be asked whether it has them.

internal import AccessPolicy
internal import Cedar

/// A group of the system that a file names.
package struct NamedGroup: Hashable, Sendable {
    /// The file it stands in.
    package let file: String
    /// Of the entry it belongs to, from 1; nil when only the key is known.
    package let line: Int?
    package let column: Int?
    /// The path of keys, or the name of a guardrail.
    package let key: String
    package let name: String
    /// What does not happen while nobody is in it.
    package let consequence: String
}

extension Configuration {
    /// Each group once for each file, where it stands first.
    package var namedGroups: [NamedGroup] {
        var collected = GroupCollection()
        collected.roles(policy.roles, policy.origin)
        let external = policy.externalGroups
        collected.add(external, policy.origin, "external_groups", "nobody counts as external by it")
        for municipality in municipalities {
            let origin = municipality.origin
            collected.add(municipality.groups, origin, "groups", "nobody belongs to the municipality by it")
            for pool in municipality.pools {
                collected.add(
                    pool.groups,
                    pool.origin,
                    "pools.\(pool.name).groups",
                    "nobody may open the pool by it",
                    isEntry: true
                )
            }
            for row in municipality.access {
                collected.add(
                    row.groups,
                    row.origin,
                    "access.\(row.name).who",
                    "the row is about nobody in it",
                    isEntry: true
                )
            }
            collected.roles(municipality.roles, origin)
        }
        // A set that loading made once is made again; a fault here would have stopped the load.
        for rule in (try? policySet())?.rules ?? [] where rule.kind == .guardrail {
            for (uid, position) in rule.policy.namedEntities where uid.type == Gw.group {
                collected.add(
                    [uid.id.string],
                    PolicyOrigin(file: rule.name.origin.file, position: position),
                    rule.name.name,
                    "the rule is about nobody in it",
                    isEntry: true
                )
            }
        }
        return collected.groups
    }
}

/// Keeps the first place of each group in each file.
private struct GroupCollection {
    private(set) var groups: [NamedGroup] = []
    private var seen: Set<[String]> = []

    mutating func add(
        _ names: [String],
        _ origin: PolicyOrigin,
        _ key: String,
        _ consequence: String,
        isEntry: Bool = false
    ) {
        // What stands for a whole file has the place of its first line.
        let position = isEntry ? origin.position : nil
        for name in names where seen.insert([origin.file, name]).inserted {
            groups.append(
                NamedGroup(
                    file: origin.file,
                    line: position.map { Int($0.line) },
                    column: position.map { Int($0.column) },
                    key: key,
                    name: name,
                    consequence: consequence
                )
            )
        }
    }

    mutating func roles(_ roles: [PolicyRole: [String]], _ origin: PolicyOrigin) {
        for role in PolicyRole.allCases {
            let key = "roles.\(role.rawValue)"
            add(roles[role] ?? [], origin, key, "nobody has the role \(role.rawValue) by it")
        }
    }
}
