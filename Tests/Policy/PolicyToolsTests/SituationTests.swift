// SPDX-License-Identifier: EUPL-1.2
// Torhaus: circumstances stand on both sides of every bound.

import AccessPolicy
import Cedar
import Testing

@testable import PolicyTools

@Suite("Situations")
struct SituationTests {
    private func situations(_ condition: String, limit: Int = Situations.limit) throws -> Situations {
        let all = try policies("permit (principal, action, resource) when { \(condition) };")
        return Situations(for: all, of: [try County.set()], reference: County.wednesday, limit: limit)
    }

    @Test("what no rule looks at is not varied")
    func nothing() throws {
        let all = try situations("resource.sensitive").all
        #expect(all.count == 1)
        #expect(BerlinTime(milliseconds: all.first?.time ?? 0).weekday == 3)
        #expect(BerlinTime(milliseconds: all.first?.time ?? 0).minute == 720)
    }

    @Test("of minutes that rules cannot tell apart one is asked, on each side of each bound")
    func minutes() throws {
        let all = try situations("360 <= context.local.minute && context.local.minute < 1200").all
        let minutes = Set(all.map { BerlinTime(milliseconds: $0.time).minute })
        #expect(minutes == [359, 720, 1200])
    }

    @Test("bounds of midnight stay inside the day")
    func midnight() throws {
        let all = try situations("0 <= context.local.minute && context.local.minute < 1440").all
        #expect(Set(all.map { BerlinTime(milliseconds: $0.time).minute }) == [720])
    }

    /// Tells all days apart.
    private static let anyDay =
        (1...7).map { "context.local.weekday == \($0)" }.joined(separator: " || ")
        + " || context.local.holiday"

    @Test("rules about days get a whole week and holidays on a weekday and a weekend")
    func days() throws {
        let days = try situations(Self.anyDay).all.map { BerlinTime(milliseconds: $0.time) }
        #expect(Set(days.filter { !$0.isHoliday }.map(\.weekday)) == Set(1...7))
        #expect(days.contains { $0.isHoliday && $0.weekday <= 5 })
        #expect(days.contains { $0.isHoliday && 5 < $0.weekday })
    }

    @Test("each zone and both sides of each range are asked")
    func addresses() throws {
        let set = try County.set()
        let zones = ZoneTable(set.input.zones)
        let condition = "context.zone == Gw::Zone::\"amt\" || context.zone == Gw::Zone::\"rathaus\""
        let inZones = try situations(condition).all
        #expect(
            Set(inZones.map { zones.zone(of: $0.address).id.string }) == ["amt", "rathaus", "internet"]
        )
        let ranges = try situations("context.ip.isInRange(ip(\"198.51.100.0/24\"))").all
        #expect(ranges.map { $0.address.isInRange(County.range("198.51.100.0/24")) } == [true, false])
    }

    @Test("ages of factors are asked a second around the bound")
    func ages() throws {
        let all = try situations("context.mfaAge <= duration(\"12h\")").all
        #expect(Set(all.map(\.factorAge)) == [0, 43_201])
    }

    @Test("moments are asked a millisecond around the bound")
    func moments() throws {
        let all = try situations("context.now < datetime(\"2027-01-01\")").all
        let bound: Int64 = 1_798_761_600_000
        #expect(all.map { $0.time < bound } == [true, false])
        #expect(all.last?.time == bound)
    }

    @Test("too many are cut, and each value still occurs")
    func limit() throws {
        let factors = PolicyFactor.allCases.map { "context.mfa == \(Gw.uid(Gw.factor, $0.rawValue))" }
        let minutes = stride(from: 60, to: 1_440, by: 60).map { "context.local.minute < \($0)" }
        let condition =
            "\(factors.joined(separator: " || ")) || \(minutes.joined(separator: " || ")) || \(Self.anyDay)"
            + " || context.zone in Gw::Zone::\"amt\" || context.mfaAge <= duration(\"12h\")"
        let whole = try situations(condition)
        let part = try situations(condition, limit: 1_000)
        #expect(!whole.isCut)
        #expect(part.isCut)
        #expect(part.all.count <= 1_000)
        #expect(Set(part.all.map(\.factor)) == Set(PolicyFactor.allCases))
        #expect(Set(part.all.map(\.time)) == Set(whole.all.map(\.time)))
        #expect(Set(part.all.map(\.address)) == Set(whole.all.map(\.address)))
    }

    @Test("what is compared with something of the person is not reduced")
    func entangled() throws {
        let condition = "context.local.minute < 300 || (context.local.minute == 600) == principal.external"
        let minutes = Set(try situations(condition).all.map { BerlinTime(milliseconds: $0.time).minute })
        #expect(minutes == [299, 300, 301, 599, 600, 601, 720])
    }

    @Test("the wall clock is turned back over the changes of summer time")
    func wallClock() throws {
        // 2026-03-29 and 2026-10-25.
        let spring = try #require(CedarCalendar.days(year: 2026, month: 3, day: 29))
        let autumn = try #require(CedarCalendar.days(year: 2026, month: 10, day: 25))
        #expect(WallClock.moment(day: spring, minute: 150) == nil)
        #expect(WallClock.moment(day: spring, minute: 180) == 1_774_746_000_000)
        // 02:30 occurs twice; the first is in summer time.
        #expect(WallClock.moment(day: autumn, minute: 150) == 1_792_888_200_000)
        for day in [spring, autumn, autumn + 60] {
            for minute: Int64 in [0, 179, 181, 720, 1439] {
                guard let moment = WallClock.moment(day: day, minute: minute) else { continue }
                let shown = BerlinTime(milliseconds: moment)
                #expect(shown.day == day && shown.minute == minute)
            }
        }
    }

    @Test("addresses at the ends of the number space have one neighbour")
    func neighbours() {
        #expect(County.range("0.0.0.0/8").neighbours.map(\.description) == ["1.0.0.0"])
        #expect(County.range("255.255.255.255").neighbours.map(\.description) == ["255.255.255.254"])
        #expect(County.range("0.0.0.0/0").neighbours.isEmpty)
        #expect(County.range("::/0").neighbours.isEmpty)
        #expect(County.range("2001:db8::/64").last == County.range("2001:db8::ffff:ffff:ffff:ffff"))
        #expect(County.range("2001:db8::/64").neighbours.contains(County.range("2001:db8:0:1::")))
    }
}
