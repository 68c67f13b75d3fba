// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a loop wakes in time for its deadlines, also where the kernel refuses its ticker.

import Glibc
import LinuxKit
import Testing

@testable import Gate

/// Lets `timerfd_settime` fail for a heartbeat: puts something that is no timer in its ticker's place.
func refuseTicker(_ fd: Int32) throws {
    let other = try WakeUp()
    try #require(dup2(other.fd, fd) == fd)
}

@Suite("Heartbeat of a loop")
struct HeartbeatTests {
    private final class Lines {
        var all: [String] = []
    }

    @Test("the ticker wakes waits without end while there are deadlines, and no others")
    func ticker() throws {
        let lines = Lines()
        var heartbeat = try Heartbeat { lines.all.append($0) }
        let poller = try Poller()
        try poller.add(heartbeat.fd, .read, token: 1)
        var batch = ReadyBatch()

        #expect(heartbeat.longestWait(hasDeadlines: true) == -1)
        poller.wait(into: &batch, milliseconds: 5_000)
        let woken = batch.count
        #expect(woken == 1)
        heartbeat.clear()
        poller.wait(into: &batch, milliseconds: 0)
        let rest = batch.count
        #expect(rest == 0)

        #expect(heartbeat.longestWait(hasDeadlines: false) == -1)
        poller.wait(into: &batch, milliseconds: Int32(3 * GateLimits.tickMilliseconds))
        let idle = batch.count
        #expect(idle == 0)
        #expect(lines.all.isEmpty)
    }

    @Test("a refused ticker is told once, and waits end by themselves from then on")
    func refused() throws {
        let lines = Lines()
        var heartbeat = try Heartbeat { lines.all.append($0) }
        // While nothing is asked of it, nothing is refused.
        try refuseTicker(heartbeat.fd)
        #expect(heartbeat.longestWait(hasDeadlines: false) == -1)
        #expect(lines.all.isEmpty)
        for _ in 0..<3 {
            #expect(heartbeat.longestWait(hasDeadlines: true) == Int32(GateLimits.tickMilliseconds))
            #expect(heartbeat.longestWait(hasDeadlines: false) == -1)
        }
        let sentence = "no ticker, waits end by themselves instead: timerfd_settime: Invalid argument"
        #expect(lines.all == [sentence])
    }

    @Test("a ticker that is refused later, when it should stop, keeps the deadlines too")
    func refusedLater() throws {
        let lines = Lines()
        var heartbeat = try Heartbeat { lines.all.append($0) }
        #expect(heartbeat.longestWait(hasDeadlines: true) == -1)
        try refuseTicker(heartbeat.fd)
        #expect(heartbeat.longestWait(hasDeadlines: false) == -1)
        #expect(heartbeat.longestWait(hasDeadlines: true) == Int32(GateLimits.tickMilliseconds))
        #expect(lines.all.count == 1)
    }
}
