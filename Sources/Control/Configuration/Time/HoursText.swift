// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads opening hours as people write them.

/// What is wrong with a text of hours.
struct HoursTextError: Error, Hashable {
    let message: String
}

/// `Mo-Fr 06:00-20:00`, `Sa,So 8:00-12:00,13:00-17:00`, `täglich 22:00-06:00`.
enum HoursText {
    /// How it is written right.
    static let hint = "write for example \"Mo-Fr 06:00-20:00\" or \"Sa,So 22:00-06:00\""

    /// One rule for each stretch of the day.
    static func rules(_ text: String) throws(HoursTextError) -> [HoursRule] {
        // Word processors write "–" where people type "-".
        let plain = text.replacing("–", with: "-")
        let words = plain.unicodeScalars.split { $0 == " " || $0 == "\t" }.map { String($0) }
        let isTime = words.map { $0.unicodeScalars.first.map { ("0"..."9").contains($0) } ?? false }
        let dayWords = zip(words, isTime).prefix { !$0.1 }.map(\.0)
        let timeWords = zip(words, isTime).dropFirst(dayWords.count).map(\.0)
        guard !dayWords.isEmpty, !timeWords.isEmpty else {
            throw HoursTextError(message: "expected days and a time")
        }
        let days = try days(dayWords.joined())
        var rules: [HoursRule] = []
        for stretch in timeWords.joined().split(separator: ",", omittingEmptySubsequences: false) {
            let ends = stretch.split(separator: "-", omittingEmptySubsequences: false)
            guard let first = ends.first, let last = ends.last, ends.count == 2 else {
                throw HoursTextError(message: "expected a time from-to, found \"\(stretch)\"")
            }
            let from = try minutes(first)
            let until = try minutes(last)
            guard let rule = HoursRule(days: days, from: from, until: until) else {
                throw HoursTextError(message: "\"\(stretch)\" is empty; a whole day is 00:00-24:00")
            }
            rules.append(rule)
        }
        return rules
    }

    private static func days(_ text: String) throws(HoursTextError) -> Set<Weekday> {
        if ["täglich", "daily"].contains(text.lowercased()) { return Set(Weekday.allCases) }
        var days: Set<Weekday> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            guard let first = ends.first, let last = ends.last, ends.count <= 2 else {
                throw HoursTextError(message: "expected days, found \"\(part)\"")
            }
            var day = try day(first)
            let end = try Self.day(last)
            days.insert(day)
            while day != end {
                day = day.next
                days.insert(day)
            }
        }
        return days
    }

    private static func day(_ text: Substring) throws(HoursTextError) -> Weekday {
        let name = text.hasSuffix(".") ? text.dropLast() : text
        guard let day = Weekday(name: String(name)) else {
            throw HoursTextError(message: "unknown day \"\(text)\"")
        }
        return day
    }

    private static func minutes(_ text: Substring) throws(HoursTextError) -> Int {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let digits = parts.allSatisfy {
            (1...2).contains($0.utf8.count) && $0.utf8.allSatisfy { (0x30...0x39).contains($0) }
        }
        guard let hourText = parts.first, let minuteText = parts.last, parts.count == 2, digits,
            minuteText.utf8.count == 2, let hour = Int(hourText), let minute = Int(minuteText), hour <= 24,
            minute < 60, hour * 60 + minute <= HoursRule.minutesPerDay
        else { throw HoursTextError(message: "\"\(text)\" is not a time of day") }
        return hour * 60 + minute
    }
}
