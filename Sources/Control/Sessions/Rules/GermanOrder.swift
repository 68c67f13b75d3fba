// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the order in which German readers look for names.

/// DIN 5007-1: umlauts as their vowels, ß as ss, capitals beside small letters; and 2 before 10.
struct GermanOrder: Comparable {
    private let parts: [Part]

    /// A run of digits, or one character; digits come first.
    private enum Part: Comparable {
        case number(length: Int, digits: String)
        case letter(Character)
    }

    init(_ text: String) {
        var parts: [Part] = []
        var digits = ""
        func closeNumber() {
            guard !digits.isEmpty else { return }
            // Without leading zeros a longer number is a larger one, however many digits it has.
            let significant = String(digits.drop { $0 == "0" })
            parts.append(.number(length: significant.count, digits: significant))
            digits = ""
        }
        for character in text.lowercased() {
            if "0"..."9" ~= character {
                digits.append(character)
                continue
            }
            closeNumber()
            switch character {
            case "ä": parts.append(.letter("a"))
            case "ö": parts.append(.letter("o"))
            case "ü": parts.append(.letter("u"))
            case "ß": parts += [.letter("s"), .letter("s")]
            default: parts.append(.letter(character))
            }
        }
        closeNumber()
        self.parts = parts
    }

    static func < (left: GermanOrder, right: GermanOrder) -> Bool {
        left.parts.lexicographicallyPrecedes(right.parts)
    }
}
