// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the clocks on German walls show. Only the rule in force since 1996 is known: Foundation's calendars cost 30 MB of ICU data for nothing else.

/// A moment as German civil time.
package struct CivilTime: Hashable, Sendable {
    package let year: Int
    package let month: Int
    package let day: Int
    package let hour: Int
    package let minute: Int
    package let second: Int
    package let weekday: Weekday
    /// 60 in winter, 120 in summer.
    package let offsetMinutes: Int

    /// Minutes since the clock showed 00:00.
    package var minuteOfDay: Int { hour * 60 + minute }

    /// Europe/Berlin: CET, and CEST from the last Sunday of March 01:00 UTC to the last of October 01:00 UTC
    /// (Directive 2000/84/EC).
    package static func berlin(milliseconds: UInt64) -> CivilTime {
        // 9999-12-31: four digits, and far from any overflow below.
        let seconds = Int(min(milliseconds / 1000, 253_402_300_799))
        let utcYear = CivilDate(daysSince1970: seconds / secondsPerDay).year
        let summer = changeover(utcYear, month: 3)..<changeover(utcYear, month: 10)
        let offset = summer.contains(seconds) ? 120 : 60
        let local = seconds + offset * 60
        let date = CivilDate(daysSince1970: local / secondsPerDay)
        let rest = local % secondsPerDay
        return CivilTime(
            year: date.year,
            month: date.month,
            day: date.day,
            hour: rest / 3600,
            minute: rest / 60 % 60,
            second: rest % 60,
            weekday: date.weekday,
            offsetMinutes: offset
        )
    }

    private static let secondsPerDay = 86_400

    /// Seconds since 1970 of 01:00 UTC on the last Sunday of March or October; both have 31 days.
    private static func changeover(_ year: Int, month: Int) -> Int {
        let last = CivilDate.daysSince1970(year: year, month: month, day: 31)
        let back = CivilDate(daysSince1970: last).weekday.rawValue % 7
        return (last - back) * secondsPerDay + 3600
    }
}

/// A day of the Gregorian calendar from 1970 on.
struct CivilDate: Hashable {
    let year: Int
    let month: Int
    let day: Int
    let weekday: Weekday

    /// Days are counted from 1 March of year 0 in eras of 400 years, so that leap days end a year.
    init(daysSince1970 days: Int) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        // 1970-01-01 was a Thursday.
        weekday = Weekday(rawValue: (days + 3) % 7 + 1) ?? .monday
    }

    static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted % 400
        let dayOfYear = (153 * (month <= 2 ? month + 9 : month - 3) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
