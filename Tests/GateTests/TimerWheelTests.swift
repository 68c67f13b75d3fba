// SPDX-License-Identifier: EUPL-1.2
// Torhaus: deadlines come neither early nor never.

import Testing

@testable import Gate

@Suite("Timer wheel")
struct TimerWheelTests {
    private func id(_ index: Int) -> ConnectionID { ConnectionID(index: index, generation: 1) }

    @Test("an entry comes at its time or up to one tick later")
    func comesInTime() {
        var wheel = TimerWheel(now: 1_000)
        let at = wheel.schedule(id(7), at: 1_450)
        #expect(1_450 <= at && at <= 1_450 + GateLimits.tickMilliseconds)
        #expect(wheel.advance(to: 1_400).isEmpty)
        #expect(wheel.advance(to: at) == [id(7)])
        #expect(wheel.advance(to: at + 200_000).isEmpty)
    }

    @Test("a time that has passed comes with the next tick")
    func pastComesNext() {
        var wheel = TimerWheel(now: 5_000)
        let at = wheel.schedule(id(1), at: 10)
        #expect(at == 5_100)
        #expect(wheel.advance(to: at) == [id(1)])
    }

    @Test("a far time is looked at once a turn")
    func farComesEarly() {
        var wheel = TimerWheel(now: 0)
        let at = wheel.schedule(id(1), at: 10_000_000)
        #expect(at < 10_000_000)
        #expect(wheel.advance(to: at) == [id(1)])
    }

    @Test("after a long sleep every entry comes")
    func longSleep() {
        var wheel = TimerWheel(now: 0)
        for index in 0..<500 { _ = wheel.schedule(id(index), at: UInt64(index) * 150) }
        #expect(Set(wheel.advance(to: 3_600_000)) == Set((0..<500).map { id($0) }))
    }
}
