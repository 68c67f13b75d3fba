// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of the clock on the wall.

import Cedar
import Testing

@testable import AccessPolicy

@Suite struct BerlinTimeTests {
    struct Case: CustomTestStringConvertible {
        let utc: String
        let day: String
        let minute: Int64
        let weekday: Int64

        var testDescription: String { utc }
    }

    @Test(
        "the wall shows what the law says",
        arguments: [
            Case(utc: "2026-03-29T00:59:59Z", day: "2026-03-29", minute: 119, weekday: 7),
            // 02:00 does not exist on this day.
            Case(utc: "2026-03-29T01:00:00Z", day: "2026-03-29", minute: 180, weekday: 7),
            Case(utc: "2026-10-25T00:30:00Z", day: "2026-10-25", minute: 150, weekday: 7),
            Case(utc: "2026-10-25T00:59:59Z", day: "2026-10-25", minute: 179, weekday: 7),
            // The same half hour again.
            Case(utc: "2026-10-25T01:30:00Z", day: "2026-10-25", minute: 150, weekday: 7),
            Case(utc: "2026-12-31T22:59:59Z", day: "2026-12-31", minute: 1439, weekday: 4),
            Case(utc: "2026-12-31T23:00:00Z", day: "2027-01-01", minute: 0, weekday: 5),
            Case(utc: "2026-07-05T22:00:00Z", day: "2026-07-06", minute: 0, weekday: 1),
            Case(utc: "2024-02-29T12:00:00Z", day: "2024-02-29", minute: 780, weekday: 4),
            Case(utc: "1970-01-01T00:00:00Z", day: "1970-01-01", minute: 60, weekday: 4),
        ]
    )
    func wall(_ one: Case) {
        let shown = BerlinTime(milliseconds: County.time(one.utc))
        #expect(shown.day * BerlinTime.millisecondsPerDay == County.time(one.day))
        #expect(shown.minute == one.minute)
        #expect(shown.weekday == one.weekday)
    }

    @Test(
        "the clocks change on the published dates",
        arguments: [
            (2023, "2023-03-26", "2023-10-29"), (2024, "2024-03-31", "2024-10-27"),
            (2025, "2025-03-30", "2025-10-26"),
            (2026, "2026-03-29", "2026-10-25"), (2027, "2027-03-28", "2027-10-31"),
            (2028, "2028-03-26", "2028-10-29"),
        ] as [(Int64, String, String)]
    )
    func changeovers(_ year: Int64, _ spring: String, _ autumn: String) {
        #expect(BerlinTime.changeover(year, month: 3) == County.time("\(spring)T01:00:00Z"))
        #expect(BerlinTime.changeover(year, month: 10) == County.time("\(autumn)T01:00:00Z"))
    }

    @Test("no moment traps", arguments: [Int64.min, -1, 0, 253_402_214_400_000, 253_402_300_799_999, .max])
    func extremes(_ time: Int64) {
        let shown = BerlinTime(milliseconds: time)
        #expect((0..<1440).contains(shown.minute))
        #expect((1...7).contains(shown.weekday))
    }

    @Test("a moment at which the wall shows a minute is found exactly when it does")
    func moments() {
        // Four days around each change of the clocks.
        for first in ["2026-03-27T12:00:00Z", "2026-10-23T12:00:00Z"] {
            let start = County.time(first)
            let end = start + 4 * BerlinTime.millisecondsPerDay
            for minute in [Int64(0), 60, 119, 120, 150, 179, 180, 1439] {
                let found = BerlinTime.moments(ofMinutes: [minute], after: start, until: end)
                let shown = found.filter { BerlinTime(milliseconds: $0).minute == minute }
                let step = BerlinTime.millisecondsPerMinute
                let expected = stride(from: start + step, through: end, by: Int(step)).filter {
                    BerlinTime(milliseconds: $0).minute == minute
                }
                // The change itself is listed too; it may show another minute.
                #expect(Set(shown) == Set(expected), "\(first) \(minute)")
                #expect(found.count - shown.count <= 1)
            }
        }
    }
}
