// SPDX-License-Identifier: EUPL-1.2
// Torhaus: sets of values.

/// A set of values of any types; order and repetition do not count.
package struct CedarSet: Sendable {
    // Above this many elements a hash table answers; below, a scan is quicker than hashing.
    private static let scanned = 8

    /// The elements, each once, in the order they were given.
    package let elements: [CedarValue]
    private let table: Set<CedarValue>?

    package init(_ values: some Sequence<CedarValue>) {
        var kept: [CedarValue] = []
        var seen: Set<CedarValue>?
        for value in values {
            if seen == nil, Self.scanned <= kept.count { seen = Set(kept) }
            let isNew = seen.map { !$0.contains(value) } ?? !kept.contains(value)
            guard isNew else { continue }
            kept.append(value)
            seen?.insert(value)
        }
        elements = kept
        table = seen
    }

    package var isEmpty: Bool { elements.isEmpty }

    package var count: Int { elements.count }

    package func contains(_ value: CedarValue) -> Bool {
        table.map { $0.contains(value) } ?? elements.contains(value)
    }
}

extension CedarSet: Hashable {
    package static func == (left: CedarSet, right: CedarSet) -> Bool {
        left.count == right.count && left.elements.allSatisfy(right.contains)
    }

    package func hash(into hasher: inout Hasher) {
        // Order must not count, so the hashes of the elements are added.
        var sum = 0
        for element in elements { sum = sum &+ element.hashValue }
        hasher.combine(sum)
    }
}
