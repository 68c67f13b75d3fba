// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a stretch of the day on some days of the week.

/// Days and a stretch of the day by the clock on the wall; it may run over midnight.
package struct PolicyHours: Hashable, Sendable {
    /// 1 (Monday) to 7 (Sunday): the days on which the stretch begins; not empty.
    package let days: Set<Int>
    /// First minute of the day, 0...1439.
    package let from: Int
    /// First minute no longer in it, 1...1440; not after `from`: it ends on the next day.
    package let until: Int

    /// Minutes of a day.
    package static let minutesPerDay = 1440

    /// Nil when a number is out of its range, no day is given, or the stretch is empty.
    package init?(days: Set<Int>, from: Int, until: Int) {
        guard !days.isEmpty, days.allSatisfy({ (1...7).contains($0) }),
            (0..<Self.minutesPerDay).contains(from), (1...Self.minutesPerDay).contains(until), from != until
        else { return nil }
        self.days = days
        self.from = from
        self.until = until
    }

    /// Whether it runs over midnight.
    package var runsOverMidnight: Bool { until < from }
}
