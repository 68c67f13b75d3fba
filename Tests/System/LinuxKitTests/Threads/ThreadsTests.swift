// SPDX-License-Identifier: EUPL-1.2
// Torhaus: threads have the name and the turns that were asked for, and run whatever the kernel says.

import Foundation
import LinuxKit
import Synchronization
import Testing

@Suite("Threads")
struct ThreadsTests {
    /// What the kernel says about a thread, by the names of `/proc/PID/sched`.
    private struct View: Sendable {
        var name = ""
        var sched: [String: String] = [:]

        /// Of the calling thread.
        static func own() -> View {
            var view = View()
            let name = try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
            view.name = (name ?? "").trimmingCharacters(in: .newlines)
            let lines = (try? String(contentsOfFile: "/proc/thread-self/sched", encoding: .utf8)) ?? ""
            for line in lines.split(separator: "\n") {
                let parts = line.split(separator: ":").map { $0.trimmingCharacters(in: .whitespaces) }
                if parts.count == 2 { view.sched[parts[0]] = parts[1] }
            }
            return view
        }

        /// -20...19; 120 is the kernel's number for zero.
        var nice: Int? { sched["prio"].flatMap { Int($0) }.map { $0 - 120 } }
        /// Nanoseconds; nil where the kernel has none for each thread (before Linux 6.12) or does not tell.
        var slice: Int? { sched["se.slice"].flatMap { Int($0) } }
    }

    private final class Seen: Sendable {
        let view = Mutex<View?>(nil)
    }

    /// How a thread that was started so sees itself.
    private func view(name: String, nice: Int32 = 0, slice: UInt32 = 0) throws -> View {
        let seen = Seen()
        try Threads.start(name: name, nice: nice, slice: slice) {
            let view = View.own()
            seen.view.withLock { $0 = view }
        }
        let end = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < end {
            if let view = seen.view.withLock({ $0 }) { return view }
            usleep(2_000)
        }
        Issue.record("the thread \(name) did not run")
        return View()
    }

    @Test("a name is the thread's, cut at fifteen bytes")
    func names() throws {
        #expect(try view(name: "relay-0").name == "relay-0")
        #expect(try view(name: "a-name-that-is-too-long").name == "a-name-that-is-")
    }

    @Test("a thread that asks for nothing has the turns of its starter")
    func plain() throws {
        let own = View.own()
        let other = try view(name: "plain")
        #expect(other.nice == own.nice)
        #expect(other.slice == own.slice)
    }

    @Test("a nice value belongs to the thread alone")
    func nice() throws {
        let before = View.own()
        let lowered = try view(name: "lowered", nice: 19)
        #expect(lowered.nice == 19)
        // No slice was asked for, so the system's stays.
        #expect(lowered.slice == before.slice)
        #expect(View.own().nice == before.nice)
    }

    @Test("a short slice is the thread's alone, and leaves its nice value")
    func slice() throws {
        let before = View.own()
        let short = try view(name: "short", slice: 100)
        #expect(short.nice == 0)
        // Linux 6.12 on: earlier kernels take the wish and forget it.
        if before.slice != nil, short.slice != before.slice { #expect(short.slice == 100_000) }
        if Self.kernelHasSlices { #expect(short.slice == 100_000) }
        #expect(View.own().slice == before.slice)
    }

    @Test("both wishes at once")
    func both() throws {
        let thread = try view(name: "both", nice: 5, slice: 200)
        #expect(thread.nice == 5)
        if Self.kernelHasSlices { #expect(thread.slice == 200_000) }
    }

    @Test("a wish beyond what the kernel grants is no reason not to run", arguments: [1, UInt32.max])
    func bounds(_ slice: UInt32) throws {
        let thread = try view(name: "bounds", nice: 3, slice: slice)
        #expect(thread.nice == 3)
        // sched_setattr(2) keeps it between a tenth of a millisecond and a tenth of a second.
        if Self.kernelHasSlices { #expect(thread.slice == (slice == 1 ? 100_000 : 100_000_000)) }
    }

    /// Linux 6.12 and later.
    private static let kernelHasSlices: Bool = {
        let text = (try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)) ?? ""
        let numbers = text.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
        guard numbers.count == 2, View.own().slice != nil else { return false }
        return (6, 12) <= (numbers[0], numbers[1])
    }()
}
