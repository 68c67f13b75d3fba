// SPDX-License-Identifier: EUPL-1.2
// Torhaus: "30m", "10h", "1h30m".

/// Lengths of time as people write them.
enum DurationText {
    /// Whole seconds, or nil when the text is not a length of time.
    static func seconds(_ text: String) -> Int? {
        var total = 0
        var digits = ""
        var lastUnit = Int.max
        for character in text.unicodeScalars {
            if ("0"..."9").contains(character) {
                digits.unicodeScalars.append(character)
                continue
            }
            // "90m1h" and "30m30m" are mistakes more often than meant.
            guard let unit = unit(character), unit < lastUnit, let number = Int(digits) else { return nil }
            let (product, tooLarge) = number.multipliedReportingOverflow(by: unit)
            let (sum, overflow) = total.addingReportingOverflow(product)
            guard !tooLarge, !overflow else { return nil }
            total = sum
            lastUnit = unit
            digits = ""
        }
        return digits.isEmpty && lastUnit != .max ? total : nil
    }

    /// The shortest form: `1h30m`, `90s` as `1m30s`.
    static func text(_ seconds: Int) -> String {
        guard 0 < seconds else { return "0s" }
        let parts = [
            (seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "m"),
            (seconds % 60, "s"),
        ]
        return parts.filter { $0.0 != 0 }.map { "\($0.0)\($0.1)" }.joined()
    }

    private static func unit(_ character: Unicode.Scalar) -> Int? {
        switch character {
        case "s": 1
        case "m": 60
        case "h": 3600
        case "d": 86_400
        default: nil
        }
    }
}
