// SPDX-License-Identifier: EUPL-1.2
// Torhaus: when a pool is open, and how people are told.

package import CountyConfiguration

/// A pool's hours by the wall clock of the county; there is at least one rule.
package struct OpeningHours: Sendable, Hashable {
    private let rules: [HoursRule]

    /// Nil when there are no rules: open always.
    package init?(_ rules: [HoursRule]) {
        guard !rules.isEmpty else { return nil }
        self.rules = rules
    }

    /// Whether the pool is open; `milliseconds` since 1970.
    package func contains(_ milliseconds: UInt64) -> Bool {
        let clock = CivilTime.berlin(milliseconds: milliseconds)
        return rules.contains { $0.contains(weekday: clock.weekday, minuteOfDay: clock.minuteOfDay) }
    }

    /// `Mo-Fr 06:00-20:00 Uhr`.
    package var german: String { rules.map { "\($0) Uhr" }.joined(separator: ", ") }

    /// `Mon-Fri 06:00-20:00`.
    package var english: String {
        rules.map { rule in
            var text = rule.description
            for (german, english) in Self.days { text = text.replacing(german, with: english) }
            return text
        }
        .joined(separator: ", ")
    }

    /// No German name is part of an English one that stands before it in this list.
    private static let days = [
        ("Mo", "Mon"), ("Di", "Tue"), ("Mi", "Wed"), ("Do", "Thu"), ("Fr", "Fri"), ("Sa", "Sat"),
        ("So", "Sun"),
    ]
}
