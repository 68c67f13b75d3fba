// SPDX-License-Identifier: EUPL-1.2
// Torhaus: finds the name somebody probably meant.

/// The closest of the names there are.
enum Suggestion {
    // Longer names are rarely mistyped into each other, and comparing them costs the product of their lengths.
    private static let longest = 64
    // More names are not compared; a schema that has them is not written by hand.
    private static let names = 500

    /// The name that needs the fewest changes, if those are at most a third of it.
    static func closest(to word: String, among names: [String]) -> String? {
        let wanted = Array(word.unicodeScalars.prefix(longest))
        var best: (name: String, distance: Int)?
        for name in names.prefix(Self.names) {
            let scalars = Array(name.unicodeScalars.prefix(longest))
            let distance = distance(wanted, scalars)
            guard distance * 3 <= max(wanted.count, scalars.count) else { continue }
            if best.map({ distance < $0.distance }) ?? true { best = (name, distance) }
        }
        return best?.name
    }

    /// Levenshtein's distance, without difference between upper and lower case of ASCII.
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var row = Array(0...right.count)
        for (index, one) in left.enumerated() {
            var diagonal = index
            var last = index + 1
            for (column, other) in right.enumerated() {
                let above = row[column + 1]
                let cost = min(diagonal + (folded(one) == folded(other) ? 0 : 1), above + 1, last + 1)
                row[column] = last
                diagonal = above
                last = cost
            }
            row[right.count] = last
        }
        return row.last ?? 0
    }

    private static func folded(_ scalar: Unicode.Scalar) -> UInt32 {
        ("A"..."Z").contains(scalar) ? scalar.value + 32 : scalar.value
    }
}
