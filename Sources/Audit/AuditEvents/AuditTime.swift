// SPDX-License-Identifier: EUPL-1.2
// Torhaus: times as records show them, without a calendar library so that the bytes never depend on one.

/// RFC 3339 in UTC with milliseconds: `2026-11-24T07:30:00.125+00:00`.
package enum AuditTime {
    /// Every text is this long.
    package static let length = 29

    /// 31 December 9999; a clock beyond it is broken, and a fifth digit would break the length.
    private static let last: UInt64 = 253_402_300_799_999

    /// Milliseconds since 1970 as text.
    package static func text(_ milliseconds: UInt64) -> String {
        let clock = min(milliseconds, last)
        let days = Int(clock / 86_400_000)
        let rest = Int(clock % 86_400_000)
        let date = civil(days)
        let day = padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2)
        let time =
            padded(rest / 3_600_000, 2) + ":" + padded(rest / 60_000 % 60, 2) + ":"
            + padded(rest / 1000 % 60, 2) + "." + padded(rest % 1000, 3)
        return day + "T" + time + "+00:00"
    }

    /// Days since 1970 as a Gregorian date (Hinnant, "chrono-compatible low-level date algorithms").
    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

/// Bytes as lower-case hexadecimal digits.
package enum AuditHex {
    package static func text(_ bytes: some Sequence<UInt8>) -> String {
        var text = ""
        for byte in bytes {
            if byte < 16 { text += "0" }
            text += String(byte, radix: 16)
        }
        return text
    }
}
