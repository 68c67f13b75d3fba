// SPDX-License-Identifier: EUPL-1.2
// Torhaus: how a loop ends connections: when everything is said, and when the time is over.

import Foundation
import HTTPHead
import LinuxKit
import OpenSSLKit
import Synchronization
import Testing

@testable import Gate

/// Answers the first bytes of a client with as many whole records as its socket takes, and then says goodbye.
private final class Farewell: ConnectionHandler, @unchecked Sendable {
    // Unchecked: the loop's thread alone calls it; what the test reads is guarded.

    struct Seen: Sendable {
        /// Bytes that were all with the kernel.
        var sent = 0
        /// Whether something waited before the goodbye, and behind it.
        var queuedBefore: Bool?
        var queuedBehind: Bool?
        var endedAt: UInt64?
        var saidAt: UInt64 = 0
    }

    let seen = Mutex(Seen())
    private let fills: Bool

    init(fills: Bool) { self.fills = fills }

    func wantsClientBytes(_ connection: Connection) -> Bool { true }

    func clientReadable(_ connection: Connection, _ loop: RelayLoop) {
        switch loop.readClient(connection) {
        case .bytes: answer(connection, loop)
        case .wouldBlock: break
        case .closed, .failed: loop.close(connection)
        }
    }

    private func answer(_ connection: Connection, _ loop: RelayLoop) {
        let record = [UInt8](repeating: 1, count: 1_000)
        var sent = 0
        repeat {
            guard loop.write(record, to: connection) else { return }
            sent += record.count
        } while fills && !isFull(connection.clientDescriptor)
        let before = connection.line.tls.hasQueued
        loop.closeWhenDrained(connection)
        let behind = connection.line.tls.hasQueued
        seen.withLock {
            $0.sent = sent
            $0.queuedBefore = before
            $0.queuedBehind = behind
            $0.saidAt = loop.now
        }
    }

    /// A Unix socket takes whole writes until its bytes, counted as the kernel holds them, reach the buffer's size.
    private func isFull(_ fd: Int32) -> Bool {
        var size: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, &length)
        return Int(size) <= StreamSocket.unacknowledgedBytes(of: fd) ?? .max
    }

    func deadlinePassed(_ connection: Connection, _ loop: RelayLoop) { loop.close(connection) }

    func ended(_ connection: Connection, _ loop: RelayLoop) {
        seen.withLock { $0.endedAt = loop.now }
    }

    /// What it saw, once `condition` holds or ten seconds are over.
    func wait(until condition: (Seen) -> Bool) -> Seen {
        let end = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < end {
            let now = seen.withLock { $0 }
            if condition(now) { return now }
            usleep(2_000)
        }
        return seen.withLock { $0 }
    }
}

@Suite("Relay loop", .serialized)
struct RelayLoopTests {
    @Test("the end of a connection waits for a full socket and is told after the last byte")
    func goodbyeWaits() throws {
        let test = try TestLoop()
        let client = SlowClient()
        let farewell = Farewell(fills: true)
        test.loop.add(try test.line(client.connect(request: "x")), farewell)
        try test.run()
        let said = farewell.wait { $0.queuedBehind != nil }
        // All bytes are with the kernel: what waits is the goodbye alone.
        #expect(said.queuedBefore == false)
        #expect(said.queuedBehind == true)
        #expect(said.endedAt == nil)
        #expect(try client.finish() == SlowClient.Report(bytes: said.sent, clean: true))
        let ended = farewell.wait { $0.endedAt != nil }
        #expect(ended.endedAt.map { $0 < said.saidAt + GateLimits.closeGraceMilliseconds } == true)
        #expect(test.stop())
    }

    @Test("with room in the socket the end is told at once")
    func goodbyeAtOnce() throws {
        let test = try TestLoop()
        let client = SlowClient()
        let farewell = Farewell(fills: false)
        test.loop.add(try test.line(client.connect(request: "x")), farewell)
        try test.run()
        let ended = farewell.wait { $0.queuedBehind != nil }
        #expect(ended.endedAt == ended.saidAt)
        #expect(ended.queuedBehind == false)
        #expect(try client.finish() == SlowClient.Report(bytes: 1_000, clean: true))
        #expect(test.stop())
    }

    @Test("who takes nothing is cut off after the grace", arguments: [false, true])
    func grace(tickerRefused: Bool) throws {
        let test = try TestLoop()
        if tickerRefused { try refuseTicker(test.loop.heartbeat.fd) }
        let client = SlowClient()
        let farewell = Farewell(fills: true)
        test.loop.add(try test.line(client.connect(request: "x")), farewell)
        try test.run()
        let ended = farewell.wait { $0.endedAt != nil }
        let endedAt = try #require(ended.endedAt)
        #expect(ended.saidAt + GateLimits.closeGraceMilliseconds <= endedAt)
        #expect(endedAt <= ended.saidAt + GateLimits.closeGraceMilliseconds + 2_000)
        // The goodbye never came into the socket.
        let report = try client.finish()
        #expect(report == SlowClient.Report(bytes: ended.sent, clean: false))
        #expect(test.stop())
    }

    @Test("a request that does not come to its end is answered in time", arguments: [false, true])
    func deadline(tickerRefused: Bool) throws {
        let test = try TestLoop(requestHeadSeconds: 1)
        if tickerRefused { try refuseTicker(test.loop.heartbeat.fd) }
        let client = SlowClient()
        test.loop.add(try test.line(client.connect(request: "GET / HTTP/1.1\r\n")), FrontDoor())
        let began = ContinuousClock.now
        try test.run()
        let report = try client.finish()
        let took = began.duration(to: .now)
        let answer = ResponseHead.closing(408, "Request Timeout").bytes.count
        #expect(report == SlowClient.Report(bytes: answer, clean: true))
        #expect(.milliseconds(900) < took && took < .seconds(5))
        #expect(test.stop())
    }

    @Test("a line that is over is closed at once and freed by whoever is no relay")
    func retired() throws {
        let test = try TestLoop()
        let client = SlowClient()
        let farewell = Farewell(fills: false)
        weak var line: ClientLine?
        let fd: Int32
        do {
            let made = try test.line(client.connect(request: "x"))
            line = made
            fd = made.tls.descriptor
            test.loop.add(made, farewell)
        }
        try test.run()
        #expect(farewell.wait { $0.endedAt != nil }.endedAt != nil)
        #expect(try client.finish() == SlowClient.Report(bytes: 1_000, clean: true))
        // Stopped, the loop has handed over what it had.
        #expect(test.stop())
        #expect(line != nil)
        #expect(line?.tls.descriptor == -1)
        #expect(fcntl(fd, F_GETFD) == -1, "the socket is closed")
        test.services.retired.free()
        #expect(line == nil)
    }

    @Test("more lines than there is room for are freed at once")
    func retiredBeyondTheLimit() throws {
        let test = try TestLoop()
        let client = SlowClient()
        let lines = RetiredLines(limit: 1)
        var first = [try test.line(client.connect(request: "x"))]
        weak let kept = first.first
        lines.add(&first)
        let other = SlowClient()
        var second = [try test.line(other.connect(request: "x"))]
        weak let dropped = second.first
        lines.add(&second)
        #expect(first.isEmpty && second.isEmpty)
        #expect(kept != nil)
        #expect(dropped == nil)
        lines.free()
        #expect(kept == nil)
    }

    @Test(
        "what passed through is overwritten with the beat, also after the last connection",
        arguments: [false, true]
    )
    func forgets(tickerRefused: Bool) throws {
        let test = try TestLoop()
        if tickerRefused { try refuseTicker(test.loop.heartbeat.fd) }
        let client = SlowClient()
        let farewell = Farewell(fills: false)
        test.loop.add(try test.line(client.connect(request: "marker of a form")), farewell)
        #expect(test.loop.inbox.reach == 0)
        try test.run()
        #expect(farewell.wait { $0.endedAt != nil }.endedAt != nil)
        let end = ContinuousClock.now + .seconds(5)
        while test.loop.inbox.reach != 0, ContinuousClock.now < end { usleep(2_000) }
        #expect(test.loop.inbox.reach == 0)
        _ = try client.finish()
        #expect(test.stop())
    }
}
