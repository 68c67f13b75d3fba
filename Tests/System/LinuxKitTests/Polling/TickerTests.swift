// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a ticker wakes its poller at every beat, and only while it runs.

import Glibc
import LinuxKit
import Testing

@Suite("Ticker", .serialized)
struct TickerTests {
    /// Waits once for at most `milliseconds`; whether the ticker woke the poller, and how long that took.
    private func wait(_ ticker: borrowing Ticker, milliseconds: Int32) throws -> (woken: Bool, after: UInt64)
    {
        let poller = try Poller()
        try poller.add(ticker.fd, .read, token: 7)
        var batch = ReadyBatch()
        let began = Clock.monotonicMilliseconds()
        poller.wait(into: &batch, milliseconds: milliseconds)
        let count = batch.count
        return (0 < count, Clock.monotonicMilliseconds() - began)
    }

    @Test("stands still until it is told to beat")
    func standsStill() throws {
        let ticker = try Ticker()
        #expect(ticker.interval == 0)
        #expect(try !wait(ticker, milliseconds: 60).woken)
        ticker.clear()
        #expect(try !wait(ticker, milliseconds: 0).woken)
    }

    @Test("beats again and again, and never early")
    func beats() throws {
        var ticker = try Ticker()
        let began = Clock.monotonicMilliseconds()
        try ticker.beat(every: 40)
        for beat in 1...3 {
            #expect(try wait(ticker, milliseconds: 5_000).woken)
            // The clock above is cut to whole milliseconds, twice.
            #expect(UInt64(beat) * 40 <= Clock.monotonicMilliseconds() - began + 1)
            ticker.clear()
        }
    }

    @Test("a beat that was not forgotten wakes at once; one that was does not")
    func forgets() throws {
        var ticker = try Ticker()
        try ticker.beat(every: 1_000)
        #expect(try wait(ticker, milliseconds: 5_000).woken)
        #expect(try wait(ticker, milliseconds: 0).woken)
        ticker.clear()
        #expect(try !wait(ticker, milliseconds: 0).woken)
        // Nothing to forget, and it does not block.
        ticker.clear()
    }

    @Test("asking for the same again does not move the next beat")
    func sameAgain() throws {
        var ticker = try Ticker()
        try ticker.beat(every: 150)
        let began = Clock.monotonicMilliseconds()
        var isWoken = false
        // Set anew in each turn it would never come.
        while !isWoken, Clock.monotonicMilliseconds() - began < 3_000 {
            try ticker.beat(every: 150)
            isWoken = try wait(ticker, milliseconds: 20).woken
        }
        #expect(isWoken)
    }

    @Test("stops, with the beats that nobody looked at, and starts again")
    func stops() throws {
        var ticker = try Ticker()
        try ticker.beat(every: 20)
        #expect(try wait(ticker, milliseconds: 5_000).woken)
        try ticker.beat(every: 0)
        #expect(ticker.interval == 0)
        #expect(try !wait(ticker, milliseconds: 80).woken)
        try ticker.beat(every: 20)
        #expect(try wait(ticker, milliseconds: 5_000).woken)
    }

    @Test("an interval of more than a second is as long as it says")
    func long() throws {
        var ticker = try Ticker()
        try ticker.beat(every: 1_100)
        let first = try wait(ticker, milliseconds: 5_000)
        #expect(first.woken && 1_099 <= first.after)
    }

    @Test("a kernel that refuses is an error, and the interval stays what it was")
    func refused() throws {
        var ticker = try Ticker()
        try ticker.beat(every: 1_000)
        // No timer any more: timerfd_settime(2) answers EINVAL.
        let other = try WakeUp()
        #expect(dup2(other.fd, ticker.fd) == ticker.fd)
        do {
            try ticker.beat(every: 10)
            Issue.record("an eventfd took an interval")
        } catch {
            #expect(error == SystemError("timerfd_settime", code: EINVAL))
        }
        #expect(ticker.interval == 1_000)
    }
}
