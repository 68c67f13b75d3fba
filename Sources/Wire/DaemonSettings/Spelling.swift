// SPDX-License-Identifier: EUPL-1.2
// Torhaus: how words are compared, guessed and made fit for a terminal.

/// Small questions about words that people typed.
package enum Spelling {
    /// Longer words are not guessed at: the distance costs length times length.
    package static let guessedScalars = 64

    /// The candidate that was probably meant, or nil when none is near.
    package static func nearest(to word: String, among candidates: [String]) -> String? {
        let scalars = Array(word.lowercased().unicodeScalars.prefix(guessedScalars + 1))
        guard scalars.count <= guessedScalars else { return nil }
        // A third of the letters may be wrong: "lisen" finds "listen", "xyz" finds nothing.
        var best: (distance: Int, candidate: String)?
        for candidate in candidates {
            let other = Array(candidate.lowercased().unicodeScalars)
            let distance = editDistance(scalars, other)
            guard distance <= max(1, max(scalars.count, other.count) / 3) else { continue }
            if let best, best.distance <= distance { continue }
            best = (distance, candidate)
        }
        return best?.candidate
    }

    /// Insertions, removals, replacements and swaps of neighbours that turn one word into the other.
    package static func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var before: [Int] = []
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var next = [i + 1]
            for (j, b) in right.enumerated() {
                var cost = min(row[j] + (a == b ? 0 : 1), row[j + 1] + 1, next[j] + 1)
                if 0 < i, 0 < j, a == right[j - 1], left[i - 1] == b { cost = min(cost, before[j - 1] + 1) }
                next.append(cost)
            }
            before = row
            row = next
        }
        return row.last ?? 0
    }

    /// C0, DEL and C1 control characters, and the two Unicode line separators.
    package static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: true
        default: false
        }
    }

    /// The word with control characters as `?` and at most 80 characters, for a message.
    package static func printable(_ word: String) -> String {
        var view = String.UnicodeScalarView()
        for scalar in word.unicodeScalars.prefix(80) { view.append(isControl(scalar) ? "?" : scalar) }
        return String(view)
    }

    /// Letters, digits, `_`, `-` and `.`, not starting with `-` or `.`, of at most 32 bytes.
    package static func isUserName(_ word: String) -> Bool {
        guard let first = word.utf8.first, word.utf8.count <= SettingsLimits.userNameBytes else {
            return false
        }
        let dash = UInt8(ascii: "-")
        let dot = UInt8(ascii: ".")
        guard first != dash, first != dot else { return false }
        return word.utf8.allSatisfy {
            isLetterOrDigit($0) || $0 == dash || $0 == dot || $0 == UInt8(ascii: "_")
        }
    }

    /// ASCII letters and digits.
    package static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
