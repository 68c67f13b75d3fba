// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what makes a loop turn in time for its deadlines.

internal import LinuxKit

/// A ticker that runs while there are deadlines; where the kernel refuses it, the timeout of each wait.
struct Heartbeat: ~Copyable {
    private static let interval = UInt32(GateLimits.tickMilliseconds)

    private var ticker: Ticker
    private let report: (String) -> Void
    /// Once is enough: asking in each turn would cost a call and a line in the log each time.
    private var isRefused = false

    /// Stands still; `report` takes a sentence for the operator.
    init(report: @escaping (String) -> Void = GateLog.line) throws(SystemError) {
        ticker = try Ticker()
        self.report = report
    }

    /// The number to register with the loop's poller.
    var fd: Int32 { ticker.fd }

    /// For how many milliseconds the next wait may last; -1: without end, because the ticker wakes it in time.
    mutating func longestWait(hasDeadlines: Bool) -> Int32 {
        if !isRefused {
            do {
                try ticker.beat(every: hasDeadlines ? Self.interval : 0)
                return -1
            } catch {
                isRefused = true
                report("no ticker, waits end by themselves instead: \(error)")
            }
        }
        return hasDeadlines ? Int32(Self.interval) : -1
    }

    /// Forgets the beats so far.
    borrowing func clear() { ticker.clear() }
}
