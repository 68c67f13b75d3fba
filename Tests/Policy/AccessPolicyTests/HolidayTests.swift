// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of the computed holidays.

import Cedar
import Testing

@testable import AccessPolicy

@Suite struct HolidayTests {
    struct Case: CustomTestStringConvertible {
        let year: Int64
        /// Month and day, as the state publishes them.
        let dates: [String]

        var testDescription: String { "\(year)" }
    }

    @Test(
        "the holidays of a year are those the state publishes",
        arguments: [
            Case(
                year: 2018,
                dates: [
                    "01-01", "03-30", "04-02", "05-01", "05-10", "05-21", "10-03", "10-31", "12-25", "12-26",
                ]
            ),
            Case(
                year: 2019,
                dates: [
                    "01-01", "04-19", "04-22", "05-01", "05-30", "06-10", "09-20", "10-03", "10-31", "12-25",
                    "12-26",
                ]
            ),
            Case(
                year: 2024,
                dates: [
                    "01-01", "03-29", "04-01", "05-01", "05-09", "05-20", "09-20", "10-03", "10-31", "12-25",
                    "12-26",
                ]
            ),
            Case(
                year: 2025,
                dates: [
                    "01-01", "04-18", "04-21", "05-01", "05-29", "06-09", "09-20", "10-03", "10-31", "12-25",
                    "12-26",
                ]
            ),
            Case(
                year: 2026,
                dates: [
                    "01-01", "04-03", "04-06", "05-01", "05-14", "05-25", "09-20", "10-03", "10-31", "12-25",
                    "12-26",
                ]
            ),
            Case(
                year: 2027,
                dates: [
                    "01-01", "03-26", "03-29", "05-01", "05-06", "05-17", "09-20", "10-03", "10-31", "12-25",
                    "12-26",
                ]
            ),
            // Ascension and Labour Day fall together: one day less.
            Case(
                year: 2008,
                dates: [
                    "01-01", "03-21", "03-24", "05-01", "05-01", "05-12", "10-03", "10-31", "12-25", "12-26",
                ]
            ),
        ]
    )
    func published(_ one: Case) {
        let written = ThuringianHolidays.days(year: one.year).map { day in
            let date = CedarCalendar.date(days: day)
            let month = date.month < 10 ? "0\(date.month)" : "\(date.month)"
            return date.day < 10 ? "\(month)-0\(date.day)" : "\(month)-\(date.day)"
        }
        #expect(written == one.dates)
    }

    @Test("a day is a holiday exactly when it is in the year's list")
    func listAndQuestionAgree() throws {
        for year in Int64(2000)...2100 {
            let listed = Set(ThuringianHolidays.days(year: year))
            let first = try #require(CedarCalendar.days(year: year, month: 1, day: 1))
            for day in first..<(first + 365) {
                #expect(ThuringianHolidays.contains(day: day) == listed.contains(day), "\(day)")
            }
        }
    }

    @Test(
        "Easter is where the calendar has it",
        arguments: [
            (1961, 4, 2), (2000, 4, 23), (2008, 3, 23), (2011, 4, 24), (2038, 4, 25), (2285, 3, 22),
        ] as [(Int64, Int64, Int64)]
    )
    func easter(_ year: Int64, _ month: Int64, _ day: Int64) {
        #expect(
            ThuringianHolidays.easterSunday(year) == CedarCalendar.days(year: year, month: month, day: day)
        )
    }
}
