// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the public holidays of Thuringia, computed.

internal import Cedar

/// Public holidays by the law of Thuringia (ThürFGtG § 2), for all years.
package enum ThuringianHolidays {
    /// A holiday on the same date each year.
    private struct Fixed {
        let month: Int64
        let day: Int64
        /// The first year it was one.
        var since: Int64 = 0
    }

    private static let fixed = [
        Fixed(month: 1, day: 1),  // New Year
        Fixed(month: 5, day: 1),  // Labour Day
        Fixed(month: 9, day: 20, since: 2019),  // Children's Day
        Fixed(month: 10, day: 3, since: 1990),  // German Unity
        Fixed(month: 10, day: 31),  // Reformation Day
        Fixed(month: 12, day: 25),
        Fixed(month: 12, day: 26),
    ]

    /// Days from Easter Sunday: Good Friday, Easter Monday, Ascension, Whit Monday.
    ///
    /// Easter Sunday and Whit Sunday are Sundays, and no holidays by this law.
    private static let movable: [Int64] = [-2, 1, 39, 50]

    /// Whether a day since 1970-01-01 of the local calendar is one.
    package static func contains(day: Int64) -> Bool {
        let date = CedarCalendar.date(days: day)
        if fixed.contains(where: { $0.month == date.month && $0.day == date.day && $0.since <= date.year }) {
            return true
        }
        guard 3 <= date.month, date.month <= 6, let easter = easterSunday(date.year) else { return false }
        return movable.contains(day - easter)
    }

    /// All holidays of a year as days since 1970-01-01, sorted.
    package static func days(year: Int64) -> [Int64] {
        let dates = fixed.filter { $0.since <= year }.compactMap {
            CedarCalendar.days(year: year, month: $0.month, day: $0.day)
        }
        return (dates + (easterSunday(year).map { easter in movable.map { easter + $0 } } ?? [])).sorted()
    }

    /// Easter Sunday by the Gregorian computus (Meeus, Jones, Butcher), as days since 1970-01-01.
    static func easterSunday(_ year: Int64) -> Int64? {
        guard 1583 <= year, year <= 9999 else { return nil }
        let golden = year % 19
        let century = year / 100
        let ofCentury = year % 100
        let correction =
            (century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 19 * golden + 15) % 30
        let toSunday = (32 + 2 * (century % 4) + 2 * (ofCentury / 4) - correction - ofCentury % 4) % 7
        let late = (golden + 11 * correction + 22 * toSunday) / 451
        let number = correction + toSunday - 7 * late + 114
        return CedarCalendar.days(year: year, month: number / 31, day: number % 31 + 1)
    }
}
