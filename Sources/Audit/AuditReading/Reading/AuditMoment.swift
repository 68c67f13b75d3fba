// SPDX-License-Identifier: EUPL-1.2
// Torhaus: times as readers type them, in UTC.

internal import AuditEvents

/// A time: `2026-11-15`, `2026-11-15T07:30`, with seconds or with milliseconds; or `90m`, `36h`, `7d` ago.
package struct AuditMoment: Sendable, Hashable {
    /// Since 1970.
    package let milliseconds: UInt64

    private static let units: [Character: UInt64] = ["m": 60_000, "h": 3_600_000, "d": 86_400_000]

    /// What a shorter time is filled up with.
    private static let midnight = "0000-00-00T00:00:00.000+00:00"
    /// Day, minute, second, and the whole form of a record.
    private static let lengths: Set<Int> = [10, 16, 19, 29]

    /// Nil for a text that is no time; what is longer ago than 1970 is 1970.
    package init?(_ text: String, now: UInt64) {
        if let unit = text.last.flatMap({ Self.units[$0] }), let number = UInt64(text.dropLast()) {
            let (ago, overflow) = number.multipliedReportingOverflow(by: unit)
            guard !overflow else { return nil }
            milliseconds = now - min(now, ago)
            return
        }
        guard Self.lengths.contains(text.utf8.count) else { return nil }
        let whole = text + Self.midnight.dropFirst(text.utf8.count)
        guard let found = AuditTime.milliseconds(whole) else { return nil }
        milliseconds = found
    }
}
