// SPDX-License-Identifier: EUPL-1.2
// Torhaus: durations as poll(2) wants them.

/// Milliseconds, rounded up so that a wait never ends too early.
package enum PollTime {
    /// From now until then.
    package static func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
        milliseconds(of: ContinuousClock.now.duration(to: deadline))
    }

    /// A duration; negative ones are 0, and those above some 24 days are cut.
    package static func milliseconds(of duration: Duration) -> Int32 {
        guard .zero < duration else { return 0 }
        let (seconds, attoseconds) = duration.components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflow, whole < Int64(Int32.max) else { return Int32.max }
        return Int32(clamping: whole + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
