// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads and writes moments.

extension CedarDatetime {
    static let day: Int64 = 86_400_000
    private static let hour: Int64 = 3_600_000
    private static let minute: Int64 = 60_000
    private static let second: Int64 = 1_000

    /// Reads `YYYY-MM-DD` or `YYYY-MM-DDThh:mm:ss(.SSS)?(Z|±hhmm)`; nil when the text is no moment.
    package init?(_ text: String) {
        var digits = CedarDigits(text)
        guard let year = digits.fixed(4), digits.take(UInt8(ascii: "-")),
            let month = digits.fixed(2), digits.take(UInt8(ascii: "-")),
            let date = digits.fixed(2),
            let days = CedarCalendar.days(year: year, month: month, day: date)
        else { return nil }
        let midnight = days * Self.day
        if digits.isAtEnd {
            self.init(milliseconds: midnight)
            return
        }
        guard digits.take(UInt8(ascii: "T")), let time = Self.time(&digits),
            let offset = Self.offset(&digits), digits.isAtEnd
        else { return nil }
        self.init(milliseconds: midnight + time - offset)
    }

    /// `hh:mm:ss(.SSS)?` in milliseconds.
    private static func time(_ digits: inout CedarDigits) -> Int64? {
        guard let hours = digits.fixed(2), hours < 24, digits.take(UInt8(ascii: ":")),
            let minutes = digits.fixed(2), minutes < 60, digits.take(UInt8(ascii: ":")),
            let seconds = digits.fixed(2), seconds < 60
        else { return nil }
        var fraction: Int64 = 0
        if digits.take(UInt8(ascii: ".")) {
            guard let milliseconds = digits.fixed(3) else { return nil }
            fraction = milliseconds
        }
        return hours * hour + minutes * minute + seconds * second + fraction
    }

    /// `Z` or `±hhmm` in milliseconds east of Greenwich.
    private static func offset(_ digits: inout CedarDigits) -> Int64? {
        if digits.take(UInt8(ascii: "Z")) { return 0 }
        let isWest = digits.take(UInt8(ascii: "-"))
        guard isWest || digits.take(UInt8(ascii: "+")),
            let hours = digits.fixed(2), hours < 24,
            let minutes = digits.fixed(2), minutes < 60
        else { return nil }
        let east = hours * hour + minutes * minute
        return isWest ? -east : east
    }
}

extension CedarDatetime: CustomStringConvertible {
    /// In UTC with milliseconds; outside the years 0 to 9999 the plain number.
    package var description: String {
        let days = milliseconds.floored(by: Self.day)
        let rest = milliseconds % Self.day
        let time = rest < 0 ? rest + Self.day : rest
        let (year, month, date) = CedarCalendar.date(days: days)
        guard 0 <= year, year <= 9_999 else { return "\(milliseconds)ms" }
        let clock = [time / Self.hour, time / Self.minute % 60, time / Self.second % 60]
        let dates = [Self.padded(year, 4), Self.padded(month, 2), Self.padded(date, 2)]
        return dates.joined(separator: "-") + "T"
            + clock.map { Self.padded($0, 2) }.joined(separator: ":")
            + ".\(Self.padded(time % Self.second, 3))Z"
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension Int64 {
    /// Division that rounds towards minus infinity.
    func floored(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
