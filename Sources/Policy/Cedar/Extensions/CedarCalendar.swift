// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the civil calendar, without a clock.

/// The proleptic Gregorian calendar.
///
/// Counts in eras of 400 years and years that begin in March, so that the leap day is a year's last day.
package enum CedarCalendar {
    private static let daysPerEra: Int64 = 146_097
    private static let yearsPerEra: Int64 = 400
    /// Days from 0000-03-01 to 1970-01-01.
    private static let epoch: Int64 = 719_468

    /// Days since 1970-01-01; nil when there is no such date in the years 0 to 9999.
    package static func days(year: Int64, month: Int64, day: Int64) -> Int64? {
        guard 0 <= year, year <= 9_999, 1 <= month, month <= 12, 1 <= day, day <= length(of: month, year)
        else { return nil }
        let marchYear = month <= 2 ? year - 1 : year
        let era = marchYear.floored(by: yearsPerEra)
        let yearOfEra = marchYear - era * yearsPerEra
        let monthFromMarch = (month + 9) % 12
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * daysPerEra + dayOfEra - epoch
    }

    /// The date that many days after 1970-01-01; for any number of days that a datetime can hold.
    package static func date(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + epoch
        let era = shifted.floored(by: daysPerEra)
        let dayOfEra = shifted - era * daysPerEra
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / (daysPerEra - 1)) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * yearsPerEra + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    private static func length(of month: Int64, _ year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
