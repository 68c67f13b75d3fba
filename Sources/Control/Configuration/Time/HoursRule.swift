// SPDX-License-Identifier: EUPL-1.2
// Torhaus: "Mo-Fr 06:00-20:00", as a rule that a moment either falls under or not.

/// Some days of the week, and a stretch of the day that may run over midnight.
package struct HoursRule: Hashable, Sendable, CustomStringConvertible {
    /// The days on which the stretch begins.
    package let days: Set<Weekday>
    /// First minute of the day, 0...1439.
    package let from: Int
    /// First minute that is no longer in it, 1...1440; not after `from`: it ends on the next day.
    package let until: Int

    /// Minutes of a day.
    package static let minutesPerDay = 1440

    /// Nil when a minute is out of its range, no day is given, or the stretch is empty.
    package init?(days: Set<Weekday>, from: Int, until: Int) {
        guard !days.isEmpty, (0..<Self.minutesPerDay).contains(from),
            (1...Self.minutesPerDay).contains(until),
            from != until
        else { return nil }
        self.days = days
        self.from = from
        self.until = until
    }

    /// True when the stretch runs over midnight.
    package var runsOverMidnight: Bool { until < from }

    /// True when the minute of that day is in the stretch, or in the part that began the day before.
    package func contains(weekday: Weekday, minuteOfDay: Int) -> Bool {
        guard runsOverMidnight else {
            return days.contains(weekday) && from <= minuteOfDay && minuteOfDay < until
        }
        if days.contains(weekday), from <= minuteOfDay { return true }
        return days.contains(weekday.previous) && minuteOfDay < until
    }

    /// As timetables write it: `Mo-Fr 06:00-20:00`.
    package var description: String {
        var runs: [[Weekday]] = []
        for day in days.sorted() {
            if let last = runs.last?.last, last.next == day, let run = runs.popLast() {
                runs.append(run + [day])
            } else {
                runs.append([day])
            }
        }
        let names = runs.map { run in
            guard let first = run.first, let last = run.last, 2 < run.count else {
                return run.map(\.germanShort).joined(separator: ",")
            }
            return "\(first.germanShort)-\(last.germanShort)"
        }
        return "\(names.joined(separator: ",")) \(Self.clock(from))-\(Self.clock(until))"
    }

    private static func clock(_ minutes: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(minutes / 60)):\(two(minutes % 60))"
    }
}
