// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of what is looked at once a second.

import AuditEvents
import Testing

@testable import AuditService

@Suite("watches")
struct WatchTests {
    @Test("low space is told once, and again only after it was over")
    func space() {
        var watch = SpaceWatch(minimum: 1000 << 20)
        let told = [2000, 999, 990, 1001, 1050, 999, 1200, 998].map { watch.judge(free: $0 << 20) != nil }
        #expect(told == [false, true, false, false, false, false, false, true])
    }

    @Test("a clock that runs is fine, one that jumps is told with its direction")
    func clock() {
        var watch = ClockWatch()
        #expect(watch.judge(wall: 1_000_000, monotonic: 500) == nil)
        #expect(watch.judge(wall: 1_001_900, monotonic: 1500) == nil)
        #expect(
            watch.judge(wall: 1_100_000, monotonic: 2500)
                == .clockJumped(detail: "ahead", milliseconds: 97_100)
        )
        #expect(watch.judge(wall: 1_101_000, monotonic: 3500) == nil)
        #expect(
            watch.judge(wall: 1_000_000, monotonic: 4500)
                == .clockJumped(detail: "back", milliseconds: 102_000)
        )
    }
}
