// SPDX-License-Identifier: EUPL-1.2
// Torhaus: German civil time around the changes of the clock.

import Testing

@testable import CountyConfiguration

struct CivilTimeTests {
    struct Moment: CustomTestStringConvertible, Sendable {
        let seconds: UInt64
        let shown: String
        let weekday: Weekday
        var testDescription: String { shown }
    }

    // The numbers are those of `TZ=Europe/Berlin date -d @SECONDS`.
    static let moments = [
        Moment(seconds: 0, shown: "1970-1-1 1:0:0 +60", weekday: .thursday),
        Moment(seconds: 1_774_745_999, shown: "2026-3-29 1:59:59 +60", weekday: .sunday),
        Moment(seconds: 1_774_746_000, shown: "2026-3-29 3:0:0 +120", weekday: .sunday),
        Moment(seconds: 1_792_889_999, shown: "2026-10-25 2:59:59 +120", weekday: .sunday),
        Moment(seconds: 1_792_890_000, shown: "2026-10-25 2:0:0 +60", weekday: .sunday),
        Moment(seconds: 1_711_846_799, shown: "2024-3-31 1:59:59 +60", weekday: .sunday),
        Moment(seconds: 1_711_846_800, shown: "2024-3-31 3:0:0 +120", weekday: .sunday),
        Moment(seconds: 1_709_161_200, shown: "2024-2-29 0:0:0 +60", weekday: .thursday),
        Moment(seconds: 1_798_757_999, shown: "2026-12-31 23:59:59 +60", weekday: .thursday),
        Moment(seconds: 1_798_758_000, shown: "2027-1-1 0:0:0 +60", weekday: .friday),
        Moment(seconds: 4_107_538_800, shown: "2100-3-1 0:0:0 +60", weekday: .monday),
    ]

    @Test("the clock shows what the time zone database says", arguments: moments)
    func clock(moment: Moment) {
        let time = CivilTime.berlin(milliseconds: moment.seconds * 1000 + 999)
        let shown =
            "\(time.year)-\(time.month)-\(time.day) \(time.hour):\(time.minute):\(time.second) +\(time.offsetMinutes)"
        #expect(shown == moment.shown)
        #expect(time.weekday == moment.weekday)
        #expect(time.minuteOfDay == time.hour * 60 + time.minute)
    }

    @Test("no moment traps")
    func extremes() {
        #expect(CivilTime.berlin(milliseconds: .max).year == 10_000)
    }
}
