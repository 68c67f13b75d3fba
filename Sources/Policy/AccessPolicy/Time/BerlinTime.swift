// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the clocks on German walls show, and when they show it.

internal import Cedar

/// A moment by the clock on the wall, as rules ask about it.
///
/// Central European time, with summer time from the last Sunday of March 01:00 UTC to the last Sunday of
/// October 01:00 UTC (Directive 2000/84/EC); the rule in force since 1996 is taken for all years.
package struct BerlinTime: Hashable, Sendable {
    /// Days since 1970-01-01 by the local calendar.
    package let day: Int64
    /// 0...1439 since local midnight.
    package let minute: Int64
    /// 1 (Monday) to 7 (Sunday).
    package let weekday: Int64
    /// A public holiday in Thuringia.
    package let isHoliday: Bool

    /// Monday to Friday and no holiday.
    package var isWorkday: Bool { weekday <= 5 && !isHoliday }

    static let millisecondsPerDay: Int64 = 86_400_000
    static let millisecondsPerHour: Int64 = 3_600_000
    static let millisecondsPerMinute: Int64 = 60_000
    /// 1970-01-01 to 9999-12-30, so that the local day exists too.
    static let range: ClosedRange<Int64> = 0...253_402_214_400_000

    /// Milliseconds since 1970 UTC; beyond 1970 to 9999 the nearest end counts.
    package init(milliseconds: Int64) {
        let time = min(max(milliseconds, Self.range.lowerBound), Self.range.upperBound)
        let local = time + Self.offset(at: time)
        day = local / Self.millisecondsPerDay
        minute = local % Self.millisecondsPerDay / Self.millisecondsPerMinute
        // 1970-01-01 was a Thursday.
        weekday = (day + 3) % 7 + 1
        isHoliday = ThuringianHolidays.contains(day: day)
    }

    /// Milliseconds that the wall is ahead of UTC.
    static func offset(at milliseconds: Int64) -> Int64 {
        let year = CedarCalendar.date(days: milliseconds / millisecondsPerDay).year
        return changeover(year, month: 3) <= milliseconds && milliseconds < changeover(year, month: 10)
            ? 2 * millisecondsPerHour : millisecondsPerHour
    }

    /// 01:00 UTC on the last Sunday of March or October, both of 31 days.
    static func changeover(_ year: Int64, month: Int64) -> Int64 {
        guard let last = CedarCalendar.days(year: year, month: month, day: 31) else { return .max }
        return (last - (last + 4) % 7) * millisecondsPerDay + millisecondsPerHour
    }

    /// All moments between two at which the wall shows one of these minutes, or the clocks change; sorted.
    ///
    /// A minute that the clocks skip in March has no moment, one that they repeat in October has two.
    static func moments(ofMinutes minutes: Set<Int64>, after start: Int64, until end: Int64) -> [Int64] {
        guard range.contains(start), range.contains(end), start < end else { return [] }
        var found: Set<Int64> = []
        let first = BerlinTime(milliseconds: start).day
        let last = BerlinTime(milliseconds: end).day
        for day in first...last {
            for minute in minutes {
                let wall = day * millisecondsPerDay + minute * millisecondsPerMinute
                for offset in [millisecondsPerHour, 2 * millisecondsPerHour]
                where self.offset(at: max(0, wall - offset)) == offset {
                    found.insert(wall - offset)
                }
            }
            let year = CedarCalendar.date(days: day).year
            found.insert(changeover(year, month: 3))
            found.insert(changeover(year, month: 10))
        }
        return found.filter { start < $0 && $0 <= end }.sorted()
    }
}
