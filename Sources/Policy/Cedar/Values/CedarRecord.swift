// SPDX-License-Identifier: EUPL-1.2
// Torhaus: records, the attributes of entities and the context.

/// Values under names, ordered by name.
package struct CedarRecord: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package let key: CedarText
        package let value: CedarValue

        package init(_ key: CedarText, _ value: CedarValue) {
            self.key = key
            self.value = value
        }
    }

    // Up to this size a scan over the keys' hashes is quicker than a search by comparison.
    private static let scanned = 24

    /// Each key once, in byte order.
    package let entries: [Entry]

    package static let empty = CedarRecord(sorted: [])

    private init(sorted: [Entry]) { entries = sorted }

    /// Takes the entries; nil when a key occurs twice.
    package init?(_ entries: [Entry]) {
        let sorted = entries.sorted { $0.key < $1.key }
        for (one, next) in zip(sorted, sorted.dropFirst()) where one.key == next.key { return nil }
        self.entries = sorted
    }

    package init(_ values: [CedarText: CedarValue]) {
        entries = values.map { Entry($0.key, $0.value) }.sorted { $0.key < $1.key }
    }

    package var isEmpty: Bool { entries.isEmpty }

    package var count: Int { entries.count }

    /// The value under this name; nil when there is none.
    package subscript(key: CedarText) -> CedarValue? {
        if entries.count <= Self.scanned {
            for entry in entries where entry.key == key { return entry.value }
            return nil
        }
        var low = 0
        var high = entries.count
        while low < high {
            let middle = low + (high - low) / 2
            let entry = entries[middle]
            if entry.key == key { return entry.value }
            if entry.key < key { low = middle + 1 } else { high = middle }
        }
        return nil
    }
}
