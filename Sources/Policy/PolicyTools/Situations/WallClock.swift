// SPDX-License-Identifier: EUPL-1.2
// Torhaus: from days and hours on the wall to moments.

package import AccessPolicy

/// Moments by the day and the minute that the clocks on the wall show.
package enum WallClock {
    package static let minutesPerDay: Int64 = 1_440
    private static let minute: Int64 = 60_000
    private static let hour: Int64 = 3_600_000

    /// Milliseconds since 1970 at which the wall shows this; nil when the clocks skip it.
    ///
    /// The first of two when they repeat it. `day` counts from 1970-01-01.
    package static func moment(day: Int64, minute: Int64) -> Int64? {
        guard (0..<minutesPerDay).contains(minute), (1...lastDay).contains(day) else { return nil }
        let wall = (day * minutesPerDay + minute) * Self.minute
        // Summer time is two hours ahead of UTC and comes first where both are right.
        return [2 * hour, hour].lazy.map { wall - $0 }.first { candidate in
            let shown = BerlinTime(milliseconds: candidate)
            return shown.day == day && shown.minute == minute
        }
    }

    // 9999-12-30; later days have no moment.
    private static let lastDay: Int64 = 2_932_895

    /// The local day of a moment, counted from 1970-01-01.
    package static func day(of milliseconds: Int64) -> Int64 { BerlinTime(milliseconds: milliseconds).day }

    /// Noon of a day, at which weekday and holiday can be read; nil for days that have no moment.
    package static func noon(of day: Int64) -> BerlinTime? {
        moment(day: day, minute: minutesPerDay / 2).map(BerlinTime.init(milliseconds:))
    }
}
