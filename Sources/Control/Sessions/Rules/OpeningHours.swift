// SPDX-License-Identifier: EUPL-1.2
// Torhaus: when a pool is open, by the wall clock of the county.

internal import Foundation

/// Spans of a week in local time (Europe/Berlin, with its summer time).
package struct OpeningHours: Sendable, Hashable {
    /// One span on some days.
    package struct Span: Sendable, Hashable {
        /// 1 is Monday, 7 is Sunday.
        package let days: Set<Int>
        /// Minutes since midnight, inclusive.
        package let from: Int
        /// Minutes since midnight, exclusive; up to 1440.
        ///
        /// Not after `from` means: until that time next day.
        package let to: Int

        package init(days: Set<Int>, from: Int, to: Int) {
            self.days = days
            self.from = from
            self.to = to
        }
    }

    package let spans: [Span]

    package init(_ spans: [Span]) { self.spans = spans }

    /// Whether the pool is open; `milliseconds` since 1970.
    package func contains(_ milliseconds: UInt64) -> Bool {
        let (day, minute) = Self.local(milliseconds)
        let yesterday = day == 1 ? 7 : day - 1
        return spans.contains { span in
            if span.from < span.to {
                return span.days.contains(day) && span.from <= minute && minute < span.to
            }
            return span.days.contains(day) && span.from <= minute
                || span.days.contains(yesterday) && minute < span.to
        }
    }

    private static func local(_ milliseconds: UInt64) -> (day: Int, minute: Int) {
        let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
        let offset = zone?.secondsFromGMT(for: date) ?? 3600
        let seconds = Int(clamping: milliseconds / 1000) &+ offset
        // 1 January 1970 was a Thursday.
        return ((seconds / 86_400 + 3) % 7 + 1, seconds % 86_400 / 60)
    }

    private static let zone = TimeZone(identifier: "Europe/Berlin")

    // MARK: Words

    /// `Mo–Fr 06:00–20:00 Uhr`.
    package var german: String {
        describe(["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"], suffix: " Uhr")
    }

    /// `Mon–Fri 06:00–20:00`.
    package var english: String {
        describe(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], suffix: "")
    }

    private func describe(_ names: [String], suffix: String) -> String {
        spans.map { "\(Self.days($0.days, names)) \(Self.clock($0.from))–\(Self.clock($0.to))\(suffix)" }
            .joined(separator: ", ")
    }

    private static func days(_ days: Set<Int>, _ names: [String]) -> String {
        var parts: [String] = []
        var start: Int?
        for (index, name) in names.enumerated() where days.contains(index + 1) {
            let first = start ?? index
            start = first
            guard !days.contains(index + 2) || index == 6 else { continue }
            let opening = names.dropFirst(first).first ?? name
            parts.append(first == index ? name : "\(opening)–\(name)")
            start = nil
        }
        return parts.joined(separator: ", ")
    }

    private static func clock(_ minutes: Int) -> String {
        func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return padded(minutes / 60) + ":" + padded(minutes % 60)
    }
}
