// SPDX-License-Identifier: EUPL-1.2
// Torhaus: moments as people write them and read them.

internal import AccessPolicy
internal import Cedar

/// `2026-11-30 22:15`, `22:15`, `sat 22:15`: by the clock on the wall.
package enum MomentText {
    private static let english = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    private static let german = ["mo", "di", "mi", "do", "fr", "sa", "so"]
    // Longer texts are no moments.
    private static let longest = 64

    /// Milliseconds since 1970; nil when the text is no moment or the clocks skip it.
    ///
    /// Without a date it is the next such moment after `reference`, today included. A text with `Z` or an
    /// offset is taken as Cedar's datetime.
    package static func parse(_ text: String, reference: Int64) -> Int64? {
        guard text.utf8.count <= longest else { return nil }
        if let moment = CedarDatetime(text), text.utf8.contains(UInt8(ascii: ":")) {
            return moment.milliseconds
        }
        let words = text.split { $0 == " " || $0 == "T" }.map { $0.lowercased() }
        guard let last = words.last, words.count <= 2, let minute = minute(last) else { return nil }
        let today = WallClock.day(of: reference)
        guard words.count == 2, let first = words.first else {
            return next(from: today, minute, reference) { _ in true }
        }
        if let weekday = weekday(first) {
            return next(from: today, minute, reference) { WallClock.noon(of: $0)?.weekday == weekday }
        }
        return day(first).flatMap { WallClock.moment(day: $0, minute: minute) }
    }

    /// `Wed 2026-11-25 22:15`, with the seconds when there are any.
    package static func text(_ milliseconds: Int64) -> String {
        let time = BerlinTime(milliseconds: milliseconds)
        let date = CedarCalendar.date(days: time.day)
        let name = english.indices.contains(Int(time.weekday) - 1) ? english[Int(time.weekday) - 1] : ""
        let holiday = time.isHoliday ? " (holiday)" : ""
        return "\(name.prefix(1).uppercased())\(name.dropFirst()) "
            + "\(date.year)-\(padded(date.month))-\(padded(date.day)) \(clock(time.minute))\(holiday)"
    }

    /// `22:15` for a minute of the day.
    package static func clock(_ minute: Int64) -> String { "\(padded(minute / 60)):\(padded(minute % 60))" }

    /// The English name of a weekday, 1 being Monday; nil for other numbers.
    package static func weekday(_ number: Int64) -> String? {
        guard let place = Int(exactly: number), english.indices.contains(place - 1) else { return nil }
        return english[place - 1]
    }

    // MARK: Parts

    private static func next(
        from today: Int64,
        _ minute: Int64,
        _ reference: Int64,
        where fits: (Int64) -> Bool
    ) -> Int64? {
        // A week and a day: today's hour may be over.
        let reference = reference - reference % minuteMilliseconds
        return (today...today + 8).lazy.filter(fits)
            .compactMap { WallClock.moment(day: $0, minute: minute) }
            .first { reference <= $0 }
    }

    private static let minuteMilliseconds: Int64 = 60_000

    private static func weekday(_ text: String) -> Int64? {
        let place = english.firstIndex { text.hasPrefix($0) } ?? german.firstIndex { text == $0 }
        return place.map { Int64($0) + 1 }
    }

    /// `hh:mm` as the minute of the day.
    private static func minute(_ text: String) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let hours = parts.first.flatMap(number),
            let minutes = parts.last.flatMap(number),
            hours < 24, minutes < 60
        else { return nil }
        return hours * 60 + minutes
    }

    /// `yyyy-mm-dd` as days since 1970.
    private static func day(_ text: String) -> Int64? {
        CedarDatetime(text).flatMap { moment in
            moment.milliseconds < 0
                ? nil : moment.milliseconds / (WallClock.minutesPerDay * minuteMilliseconds)
        }
    }

    /// Up to two ASCII digits.
    private static func number(_ text: Substring) -> Int64? {
        guard (1...2).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int64(text)
    }

    private static func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : String(number) }
}
