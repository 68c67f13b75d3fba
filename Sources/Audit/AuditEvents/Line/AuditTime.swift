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
        var bytes: [UInt8] = []
        append(milliseconds, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The same in front of nothing else: every record has one, so no strings are made.
    static func append(_ milliseconds: UInt64, to line: inout [UInt8]) {
        let clock = min(milliseconds, last)
        let rest = Int(clock % 86_400_000)
        let date = civil(Int(clock / 86_400_000))
        append(date.year, 4, "-", to: &line)
        append(date.month, 2, "-", to: &line)
        append(date.day, 2, "T", to: &line)
        append(rest / 3_600_000, 2, ":", to: &line)
        append(rest / 60_000 % 60, 2, ":", to: &line)
        append(rest / 1000 % 60, 2, ".", to: &line)
        append(rest % 1000, 3, "+", to: &line)
        line += "00:00".utf8
    }

    /// The last digits of a number, at most four, and what stands behind them.
    private static func append(_ number: Int, _ width: Int, _ mark: Unicode.Scalar, to line: inout [UInt8]) {
        for power in [1000, 100, 10, 1].suffix(width) {
            line.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / power % 10))
        }
        line.append(UInt8(ascii: mark))
    }

    /// Reads what `text` writes; nil for every other text.
    package static func milliseconds(_ text: String) -> UInt64? {
        let bytes = Array(text.utf8)
        guard bytes.count == length else { return nil }
        func part(_ start: Int, _ count: Int) -> UInt64? {
            let digits = bytes[start..<(start + count)]
            guard digits.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
            return UInt64(String(decoding: digits, as: UTF8.self))
        }
        guard let year = part(0, 4), let month = part(5, 2), let day = part(8, 2), let hour = part(11, 2),
            let minute = part(14, 2), let second = part(17, 2), let milli = part(20, 3),
            1970...9999 ~= year, 1...12 ~= month, 1...31 ~= day
        else { return nil }
        let time = ((hour * 60 + minute) * 60 + second) * 1000 + milli
        let clock = UInt64(days(year: Int(year), month: Int(month), day: Int(day))) * 86_400_000 + time
        // Writing it again is the check of everything that was not looked at: 30 February, hour 24, signs.
        return self.text(clock) == text ? clock : nil
    }

    /// The first millisecond of a month such as `2026-11`, and of the next; nil when it is no month.
    package static func month(_ text: String) -> Range<UInt64>? {
        guard let start = milliseconds(text + "-01T00:00:00.000+00:00") else { return nil }
        let date = civil(Int(start / 86_400_000))
        let end = date.month == 12 ? (date.year + 1, 1) : (date.year, date.month + 1)
        return start..<(UInt64(days(year: end.0, month: end.1, day: 1)) * 86_400_000)
    }

    /// The month of a time, `2026-11`.
    package static func month(of milliseconds: UInt64) -> String { String(text(milliseconds).prefix(7)) }

    /// A Gregorian date from 1970 on as days since then (the same source).
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear % 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
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
