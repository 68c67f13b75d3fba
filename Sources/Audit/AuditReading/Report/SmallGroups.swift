// SPDX-License-Identifier: EUPL-1.2
// Torhaus: sums in which nobody can be found: no row speaks of fewer than five persons.

/// One row of a table before it may be shown.
struct PersonGroup: Sendable, Hashable {
    /// Pseudonyms.
    var persons: Set<String>
    /// Sums in the order of the table's columns.
    var counts: [Int]
    let label: String
}

/// A table whose small rows were put together.
struct GroupedTable: Sendable, Hashable {
    var rows: [PersonGroup]
    /// The small ones as one row; nil when there are none.
    var others: PersonGroup?
    /// How many rows are in `others`, or left out altogether when even all of them are too few.
    var merged: Int
}

enum SmallGroups {
    /// The smallest number of persons a sum may be about.
    static let smallest = 5

    /// Puts rows of too few persons into one.
    ///
    /// If that one is still too small it takes the next smallest row with it: otherwise a sum over all, known from
    /// elsewhere, minus the rows that are shown would be the sum of the few.
    static func merge(_ groups: [PersonGroup], label: String) -> GroupedTable {
        let sorted = groups.sorted { ($0.persons.count, $1.label) < ($1.persons.count, $0.label) }
        var small = sorted.prefix { $0.persons.count < smallest }
        guard !small.isEmpty else { return GroupedTable(rows: groups, others: nil, merged: 0) }
        while join(small, label).persons.count < smallest, small.count < sorted.count {
            small = sorted.prefix(small.count + 1)
        }
        let others = join(small, label)
        let hidden = Set(small.map(\.label))
        return GroupedTable(
            rows: groups.filter { !hidden.contains($0.label) },
            others: others.persons.count < smallest ? nil : others,
            merged: small.count
        )
    }

    private static func join(_ groups: some Collection<PersonGroup>, _ label: String) -> PersonGroup {
        var joined = PersonGroup(persons: [], counts: [], label: label)
        for group in groups {
            joined.persons.formUnion(group.persons)
            if joined.counts.isEmpty { joined.counts = Array(repeating: 0, count: group.counts.count) }
            joined.counts = zip(joined.counts, group.counts).map { $0 + $1 }
        }
        return joined
    }
}
