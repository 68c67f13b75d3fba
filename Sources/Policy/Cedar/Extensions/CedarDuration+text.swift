// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads and writes durations.

extension CedarDuration {
    private static let units: [(name: [UInt8], milliseconds: Int64)] = [
        (Array("d".utf8), 86_400_000),
        (Array("h".utf8), 3_600_000),
        (Array("m".utf8), 60_000),
        (Array("s".utf8), 1_000),
        (Array("ms".utf8), 1),
    ]

    /// Reads `-?` and days, hours, minutes, seconds, milliseconds in this order, such as `1h30m`.
    ///
    /// Nil when the text is no duration or has no place in 64 bits.
    package init?(_ text: String) {
        var digits = CedarDigits(text)
        let isNegative = digits.take(UInt8(ascii: "-"))
        var total: Int64 = 0
        var next = Self.units.startIndex
        var isEmpty = true
        while !digits.isAtEnd {
            let run = digits.run()
            guard !run.isEmpty, let place = Self.unit(&digits, from: next) else { return nil }
            next = place + 1
            isEmpty = false
            guard let count = CedarDigits.number(run, isNegative: isNegative) else { return nil }
            let (part, over) = count.multipliedReportingOverflow(by: Self.units[place].milliseconds)
            let (sum, sumOver) = total.addingReportingOverflow(part)
            guard !over, !sumOver else { return nil }
            total = sum
        }
        guard !isEmpty else { return nil }
        self.init(milliseconds: total)
    }

    /// Which unit is ahead, from `first` on; goes past it.
    private static func unit(_ digits: inout CedarDigits, from first: Int) -> Int? {
        for place in units.indices.dropFirst(first) {
            // "m" is also the start of "ms", so the rest of the text decides.
            var ahead = digits
            guard units[place].name.allSatisfy({ ahead.take($0) }), !ahead.isLetterAhead else { continue }
            digits = ahead
            return place
        }
        return nil
    }
}

extension CedarDuration: CustomStringConvertible {
    /// In the same form as it is read; zero is `0ms`.
    package var description: String {
        var rest = milliseconds.magnitude
        var result = milliseconds < 0 ? "-" : ""
        for unit in Self.units {
            let count = rest / unit.milliseconds.magnitude
            rest %= unit.milliseconds.magnitude
            if 0 < count { result += "\(count)\(String(decoding: unit.name, as: UTF8.self))" }
        }
        return milliseconds == 0 ? "0ms" : result
    }
}
