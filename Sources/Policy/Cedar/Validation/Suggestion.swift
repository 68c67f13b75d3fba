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

    /// How many letters to change, add, leave out or swap with their neighbour; case does not count.
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var before: [Int] = []
        var last = Array(0...right.count)
        for (index, one) in left.enumerated() {
            var row = [index + 1]
            for (column, other) in right.enumerated() {
                let change = last[column] + (folded(one) == folded(other) ? 0 : 1)
                var least = min(change, last[column + 1] + 1, row[column] + 1)
                if 0 < index, 0 < column, folded(one) == folded(right[column - 1]),
                    folded(left[index - 1]) == folded(other)
                {
                    least = min(least, before[column - 1] + 1)
                }
                row.append(least)
            }
            before = last
            last = row
        }
        return last.last ?? 0
    }

    private static func folded(_ scalar: Unicode.Scalar) -> UInt32 {
        ("A"..."Z").contains(scalar) ? scalar.value + 32 : scalar.value
    }
}
