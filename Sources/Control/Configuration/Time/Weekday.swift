// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the days of the week, and what people call them.

/// A day of the week, numbered as ISO 8601 does.
package enum Weekday: Int, Hashable, Sendable, CaseIterable, Comparable {
    case monday = 1
    case tuesday
    case wednesday
    case thursday
    case friday
    case saturday
    case sunday

    /// The German or English name, short or long, whatever its case.
    package init?(name: String) {
        let word = name.lowercased()
        guard let day = Self.allCases.first(where: { $0.names.contains(word) }) else { return nil }
        self = day
    }

    /// The day before.
    package var previous: Weekday { Weekday(rawValue: rawValue - 1) ?? .sunday }

    /// The day after.
    package var next: Weekday { Weekday(rawValue: rawValue + 1) ?? .monday }

    /// `Mo`, as German timetables write it.
    package var germanShort: String {
        switch self {
        case .monday: "Mo"
        case .tuesday: "Di"
        case .wednesday: "Mi"
        case .thursday: "Do"
        case .friday: "Fr"
        case .saturday: "Sa"
        case .sunday: "So"
        }
    }

    private var names: [String] {
        switch self {
        case .monday: ["mo", "mon", "montag", "monday"]
        case .tuesday: ["di", "tu", "tue", "dienstag", "tuesday"]
        case .wednesday: ["mi", "we", "wed", "mittwoch", "wednesday"]
        case .thursday: ["do", "th", "thu", "donnerstag", "thursday"]
        case .friday: ["fr", "fri", "freitag", "friday"]
        case .saturday: ["sa", "sat", "samstag", "sonnabend", "saturday"]
        case .sunday: ["so", "su", "sun", "sonntag", "sunday"]
        }
    }

    /// Monday comes first.
    package static func < (left: Weekday, right: Weekday) -> Bool { left.rawValue < right.rawValue }
}
