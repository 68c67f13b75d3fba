// SPDX-License-Identifier: EUPL-1.2
// Torhaus: when a rule opens desktops, and how people are told.

internal import AccessPolicy
internal import CountyConfiguration

/// The hours of one rule by the wall clock of the county, to be told to people; the rule itself decides.
package struct OpeningHours: Sendable, Hashable {
    /// `Mo-Fr 06:00-20:00 Uhr, nicht an Feiertagen`.
    package let german: String
    /// `Mon-Fri 06:00-20:00, not on public holidays`.
    package let english: String

    /// Nil when a row is open always.
    init?(_ row: AccessRow) { self.init(row.hours, row.holidays) }

    /// Nil when there is nothing to tell.
    init?(_ hours: [PolicyHours], _ holidays: AccessRow.Holidays = .open) {
        guard !hours.isEmpty || holidays != .open else { return nil }
        let rules = hours.compactMap(Self.rule)
        let german = rules.isEmpty ? "täglich" : rules.map { "\($0) Uhr" }.joined(separator: ", ")
        let english = rules.isEmpty ? "daily" : rules.map(Self.english).joined(separator: ", ")
        switch holidays {
        case .open: (self.german, self.english) = (german, english)
        case .closed:
            self.german = "\(german), nicht an Feiertagen"
            self.english = "\(english), not on public holidays"
        case .only:
            self.german = "\(german), nur an Feiertagen"
            self.english = "\(english), on public holidays only"
        }
    }

    private static func rule(_ hours: PolicyHours) -> HoursRule? {
        HoursRule(days: Set(hours.days.compactMap(Weekday.init)), from: hours.from, until: hours.until)
    }

    private static func english(_ rule: HoursRule) -> String {
        var text = rule.description
        for (german, english) in days { text = text.replacing(german, with: english) }
        return text
    }

    /// No German name is part of an English one that stands before it in this list.
    private static let days = [
        ("Mo", "Mon"), ("Di", "Tue"), ("Mi", "Wed"), ("Do", "Thu"), ("Fr", "Fri"), ("Sa", "Sat"),
        ("So", "Sun"),
    ]
}
