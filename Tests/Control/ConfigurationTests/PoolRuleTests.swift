// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a pool's groups and hours mean as a policy what they meant before there were policies.

import AccessPolicy
import Cedar
import Testing

@testable import CountyConfiguration

struct PoolRuleTests {
    private static let step: Int64 = 7 * 60_000

    @Test(
        "a pool is open to its groups exactly in its hours, over nights and changes of the clocks",
        arguments: ["2026-03-26T23:00:00Z", "2026-10-22T22:00:00Z"]
    )
    func hours(_ start: String) throws {
        let head = Example.municipality.split(separator: "access:").first.map { String($0) } ?? ""
        let loaded = try Example.load(municipality: head)
        let policy = try loaded.policySet()
        let first = try #require(CedarDatetime(start)).milliseconds
        let address = try #require(CedarIPAddress("192.0.2.1"))
        var open = 0
        for municipality in loaded.municipalities {
            for pool in municipality.pools {
                let desktop = try #require(pool.desktops.first).id
                let member = policy.person("anna", groups: pool.groups)
                let stranger = policy.person("otto", groups: ["users"])
                for time in stride(from: first, to: first + 6 * 86_400_000, by: Int(Self.step)) {
                    let circumstances = PolicyCircumstances(time: time, address: address)
                    let decision = policy.decide(.init(member, .connect, .desktop(desktop), circumstances))
                    let isOpen = pool.isOpen(at: UInt64(time))
                    #expect(decision.isAllowed == isOpen, "\(pool.name) \(time)")
                    if isOpen {
                        open += 1
                        #expect(
                            Configuration.Redirection.allowed(by: decision.redirections) == pool.redirections
                        )
                        #expect(decision.obligations.idleSeconds == pool.idle?.wholeSeconds)
                        #expect(decision.obligations.longestSeconds == pool.longest?.wholeSeconds)
                    }
                }
                let noon = PolicyCircumstances(time: first, address: address)
                #expect(!policy.decide(.init(stranger, .connect, .desktop(desktop), noon)).isAllowed)
            }
        }
        #expect(0 < open)
    }

    @Test("the two clocks of the project show the same")
    func clocks() throws {
        // Every 13 hours through 20 years.
        for time in stride(from: Int64(1_500_000_000_000), to: 2_130_000_000_000, by: 13 * 3_600_000) {
            let civil = CivilTime.berlin(milliseconds: UInt64(time))
            let wall = BerlinTime(milliseconds: time)
            #expect(Int64(civil.minuteOfDay) == wall.minute)
            #expect(Int64(civil.weekday.rawValue) == wall.weekday)
            let day = CedarCalendar.days(
                year: Int64(civil.year),
                month: Int64(civil.month),
                day: Int64(civil.day)
            )
            #expect(day == wall.day)
        }
    }
}
