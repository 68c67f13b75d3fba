// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the two clocks, in milliseconds.

internal import Glibc

package enum Clock {
    /// Milliseconds since some start; never goes back.
    ///
    /// For deadlines.
    package static func monotonicMilliseconds() -> UInt64 { read(CLOCK_MONOTONIC) }

    /// Milliseconds since 1970.
    ///
    /// For records.
    package static func wallMilliseconds() -> UInt64 { read(CLOCK_REALTIME) }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        guard unsafe clock_gettime(clock, &time) == 0, 0 <= time.tv_sec else { return 0 }
        return UInt64(time.tv_sec) * 1_000 + UInt64(time.tv_nsec / 1_000_000)
    }
}
