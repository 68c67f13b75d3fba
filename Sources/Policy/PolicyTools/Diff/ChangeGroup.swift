// SPDX-License-Identifier: EUPL-1.2
// Torhaus: changes that have one cause, told once.

internal import AccessPolicy

/// Changes of one kind by the same rules.
///
/// Who is in more groups and sees the same change is not told again.
package struct ChangeGroup: Hashable, Sendable {
    package let kind: AccessChange.Kind
    /// Those with the fewest groups that see the change.
    package let people: [PersonClass]
    /// In the order of the configuration, each once.
    package let targets: [AccessTarget]
    /// The first of the changes, with its example.
    package let first: AccessChange
    /// How many changes there are, those of people in more groups included.
    package let count: Int

    /// What makes changes one: the rules that matter after, and for losses those before.
    private struct Cause: Hashable {
        let kind: AccessChange.Kind
        let before: [PolicyRuleName]
        let after: [PolicyRuleName]
        let reason: PolicyReason?
        let redirections: Set<PolicyRedirection>
        let terms: [PolicyObligations]

        init(_ change: AccessChange) {
            kind = change.kind
            // What keeps people out before they gain says more about them than about the change.
            before = change.kind == .gains ? [] : change.before.rules
            after = change.after.rules
            reason = change.after.reason
            redirections = change.kind == .terms ? [] : change.redirections
            terms = change.kind == .terms ? [change.before.obligations, change.after.obligations] : []
        }
    }

    /// What people with the same targets are told by.
    private struct Shape: Hashable {
        let cause: Cause
        let targets: [AccessTarget]
    }

    /// Puts changes together; in the order in which causes first appear.
    package static func all(_ changes: [AccessChange]) -> [ChangeGroup] {
        var byPerson: [Cause: [PersonClass: [AccessChange]]] = [:]
        var causes: [Cause] = []
        for change in changes {
            let cause = Cause(change)
            if byPerson[cause] == nil { causes.append(cause) }
            byPerson[cause, default: [:]][change.person, default: []].append(change)
        }
        var groups: [ChangeGroup] = []
        for cause in causes {
            let people = byPerson[cause] ?? [:]
            var shapes: [Shape: [PersonClass]] = [:]
            var order: [Shape] = []
            for person in people.keys.sorted() {
                let shape = Shape(cause: cause, targets: (people[person] ?? []).map(\.target))
                if shapes[shape] == nil { order.append(shape) }
                shapes[shape, default: []].append(person)
            }
            for shape in order {
                let all = shapes[shape] ?? []
                guard let one = all.first, let first = people[one]?.first else { continue }
                groups.append(
                    ChangeGroup(
                        kind: cause.kind,
                        people: least(all),
                        targets: shape.targets,
                        first: first,
                        count: all.count * shape.targets.count
                    )
                )
            }
        }
        return groups
    }

    /// Those of which no other has only a part of the groups; `all` begins with the fewest groups.
    private static func least(_ all: [PersonClass]) -> [PersonClass] {
        var kept: [PersonClass] = []
        for person in all {
            let groups = Set(person.groups)
            if !kept.contains(where: { groups.isSuperset(of: $0.groups) }) { kept.append(person) }
        }
        return kept
    }
}
