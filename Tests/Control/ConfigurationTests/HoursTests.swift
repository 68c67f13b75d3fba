// SPDX-License-Identifier: EUPL-1.2
// Torhaus: opening hours, read and asked.

import Testing

@testable import CountyConfiguration

struct HoursTests {
    struct Good: CustomTestStringConvertible, Sendable {
        let text: String
        let means: [String]
        var testDescription: String { text }
    }

    static let good = [
        Good(text: "Mo-Fr 06:00-20:00", means: ["Mo-Fr 06:00-20:00"]),
        Good(text: "Mo–Fr 06:00–20:00", means: ["Mo-Fr 06:00-20:00"]),
        Good(text: "mon-fri 6:00-20:00", means: ["Mo-Fr 06:00-20:00"]),
        Good(
            text: "Mo, Di, Do 8:00 - 12:00, 13:00 - 17:30",
            means: ["Mo,Di,Do 08:00-12:00", "Mo,Di,Do 13:00-17:30"]
        ),
        Good(text: "Sa,So 22:00-06:00", means: ["Sa,So 22:00-06:00"]),
        Good(text: "Sa-Mo 00:00-24:00", means: ["Mo,Sa,So 00:00-24:00"]),
        Good(text: "Mittwoch 00:00-00:01", means: ["Mi 00:00-00:01"]),
        Good(text: "täglich 18:00-24:00", means: ["Mo-So 18:00-24:00"]),
        Good(text: "Di. 09:00-10:00", means: ["Di 09:00-10:00"]),
        Good(text: "Tue-Thu,Sun 09:00-10:00", means: ["Di-Do,So 09:00-10:00"]),
    ]

    @Test("reads hours as people write them", arguments: good)
    func reads(good: Good) throws {
        #expect(try HoursText.rules(good.text).map(\.description) == good.means)
    }

    @Test(
        "refuses what is not hours",
        arguments: [
            "", " ", "Mo-Fr", "06:00-20:00", "Mo-Fr 06:00", "Mo-Fr 06:00-20:00-22:00", "Mo-Fr 6-20",
            "Mo-Di-Mi 6:00-7:00",
            "Mo 25:00-26:00", "Mo 24:01-24:02", "Mo 24:00-06:00", "Mo 06:60-07:00", "Mo 06:00-06:00",
            "Mo 006:00-07:00",
            "Mo 06:0-07:00", "Mo,, 06:00-07:00", "-Mo 06:00-07:00", "Mo 06:00-07:00 Di", "Mo +6:00-07:00",
            "Mo ٦:00-07:00",
        ]
    )
    func refuses(text: String) {
        #expect(throws: HoursTextError.self) { try HoursText.rules(text) }
    }

    @Test("a stretch of the day has its first minute and not its last")
    func edges() throws {
        let rule = try #require(HoursRule(days: [.monday], from: 360, until: 1200))
        #expect(!rule.contains(weekday: .monday, minuteOfDay: 359))
        #expect(rule.contains(weekday: .monday, minuteOfDay: 360))
        #expect(rule.contains(weekday: .monday, minuteOfDay: 1199))
        #expect(!rule.contains(weekday: .monday, minuteOfDay: 1200))
        #expect(!rule.contains(weekday: .tuesday, minuteOfDay: 700))
    }

    @Test("a night belongs to the day it began on, also from Sunday to Monday")
    func overMidnight() throws {
        let rule = try #require(HoursRule(days: [.sunday], from: 1320, until: 360))
        #expect(rule.contains(weekday: .sunday, minuteOfDay: 1320))
        #expect(rule.contains(weekday: .monday, minuteOfDay: 0))
        #expect(rule.contains(weekday: .monday, minuteOfDay: 359))
        #expect(!rule.contains(weekday: .monday, minuteOfDay: 360))
        #expect(!rule.contains(weekday: .sunday, minuteOfDay: 359))
        #expect(!rule.contains(weekday: .monday, minuteOfDay: 1320))
    }

    @Test("a pool is open by German clocks, in summer and in winter")
    func pool() throws {
        let rules = try HoursText.rules("Mo-Fr 06:00-20:00")
        let pool = Configuration.Pool(name: "p", title: "p", groups: [], hours: rules, desktops: [])
        // Monday 2026-07-06 03:59:59 UTC is 05:59:59 in summer; Monday 2026-11-02 04:59:59 UTC the same in winter.
        #expect(!pool.isOpen(at: 1_783_310_399_000))
        #expect(pool.isOpen(at: 1_783_310_400_000))
        #expect(!pool.isOpen(at: 1_793_595_599_000))
        #expect(pool.isOpen(at: 1_793_595_600_000))
        let always = Configuration.Pool(name: "p", title: "p", groups: [], desktops: [])
        #expect(always.isOpen(at: 0))
    }

    @Test(
        "lengths of time",
        arguments: ["90s": 90, "30m": 1800, "10h": 36_000, "1h30m": 5400, "2d": 172_800, "0s": 0]
    )
    func durations(text: String, seconds: Int) {
        #expect(DurationText.seconds(text) == seconds)
        #expect(DurationText.seconds(DurationText.text(seconds)) == seconds)
    }

    @Test(
        "what is not a length of time",
        arguments: [
            "", "s", "30", "30 m", "-1s", "1.5h", "30m30m", "1m1h", "99999999999999999999s",
            "9223372036854775807d", "٣s",
        ]
    )
    func notDurations(text: String) {
        #expect(DurationText.seconds(text) == nil)
    }
}
