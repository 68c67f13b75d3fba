// SPDX-License-Identifier: EUPL-1.2
// Torhaus: single values of a section.

internal import DaemonSettings

extension Section {
    /// A single value as text; notes a mistake when it is something else.
    func scalar(_ value: YAMLValue, _ key: String) -> String? {
        guard case .scalar(let text, _) = value.content else {
            findings.error(value.place, path(key), "expected a single value, found \(value.kind)")
            return nil
        }
        return text
    }

    /// One line of text within a limit.
    func line(_ value: YAMLValue, _ key: String, limit: Int) -> String? {
        guard let text = scalar(value, key) else { return nil }
        guard !text.isEmpty, text.utf8.count <= limit else {
            findings.error(value.place, path(key), "expected a text of 1 to \(limit) bytes")
            return nil
        }
        guard !text.unicodeScalars.contains(where: Spelling.isControl) else {
            findings.error(value.place, path(key), "the text has a control character or more than one line")
            return nil
        }
        return text
    }

    /// A text of a known form.
    func text(_ value: YAMLValue, _ key: String, _ form: SettingsForm) -> String? {
        guard let text = scalar(value, key) else { return nil }
        if let complaint = form.complaint(about: text) {
            findings.error(value.place, path(key), complaint, hint: found(text))
            return nil
        }
        return text
    }

    /// A text of a known form, or the default.
    mutating func text(_ key: String, _ form: SettingsForm, default fallback: String) -> String {
        guard let value = value(key) else { return fallback }
        return text(value, key, form) ?? fallback
    }

    /// A whole number within its bounds, or the default.
    mutating func integer(_ key: String, _ bounds: ClosedRange<Int>, default fallback: Int) -> Int {
        guard let value = value(key), let text = scalar(value, key) else { return fallback }
        guard let number = Int(text), bounds.contains(number) else {
            let message = "expected a whole number from \(bounds.lowerBound) to \(bounds.upperBound)"
            findings.error(value.place, path(key), message, hint: found(text))
            return fallback
        }
        return number
    }

    /// True or false, or the default.
    mutating func flag(_ key: String, default fallback: Bool) -> Bool {
        guard let value = value(key), let text = scalar(value, key) else { return fallback }
        switch text.lowercased() {
        case "true", "yes", "on": return true
        case "false", "no", "off": return false
        default:
            findings.error(value.place, path(key), "expected true or false", hint: found(text))
            return fallback
        }
    }

    /// One of the words of an enumeration, or the default.
    mutating func choice<Word>(_ key: String, default fallback: Word) -> Word
    where Word: RawRepresentable<String> & CaseIterable {
        guard let value = value(key), let text = scalar(value, key) else { return fallback }
        return word(text, value.place, key) ?? fallback
    }

    /// One of the words of an enumeration.
    func word<Word>(_ text: String, _ place: Place, _ key: String) -> Word?
    where Word: RawRepresentable<String> & CaseIterable {
        if let word = Word(rawValue: text) { return word }
        let words = Word.allCases.map(\.rawValue)
        let hint = Spelling.nearest(to: text, among: words).map { "did you mean \($0)?" } ?? found(text)
        findings.error(place, path(key), "expected one of \(words.joined(separator: ", "))", hint: hint)
        return nil
    }

    /// A length of time within its bounds in seconds, or the default; nil means off, where that is allowed.
    mutating func duration(
        _ key: String,
        _ bounds: ClosedRange<Int>,
        default fallback: Duration?,
        mayBeOff: Bool
    ) -> Duration? {
        guard let value = value(key), let text = scalar(value, key) else { return fallback }
        if mayBeOff, text == "off" { return nil }
        let off = mayBeOff ? " or off" : ""
        guard let seconds = DurationText.seconds(text) else {
            findings.error(
                value.place,
                path(key),
                "expected a length of time\(off)",
                hint: "write for example 90s, 30m or 10h; \(found(text))"
            )
            return fallback
        }
        guard bounds.contains(seconds) else {
            let least = DurationText.text(bounds.lowerBound)
            let most = DurationText.text(bounds.upperBound)
            findings.error(value.place, path(key), "expected \(least) to \(most)\(off)", hint: found(text))
            return fallback
        }
        return .seconds(seconds)
    }

    /// A length of time that is never off.
    mutating func duration(_ key: String, _ bounds: ClosedRange<Int>, default fallback: Duration) -> Duration
    {
        duration(key, bounds, default: fallback, mayBeOff: false) ?? fallback
    }

    /// A length of time in whole days within its bounds, or the default; `why` is the reason for the bounds.
    mutating func days(
        _ key: String,
        _ bounds: ClosedRange<Int>,
        default fallback: Int,
        why: String
    ) -> Int {
        guard let value = value(key), let text = scalar(value, key) else { return fallback }
        guard let seconds = DurationText.seconds(text), seconds % 86_400 == 0 else {
            let hint = "write for example 90d; \(found(text))"
            findings.error(value.place, path(key), "expected a number of days", hint: hint)
            return fallback
        }
        guard bounds.contains(seconds / 86_400) else {
            let message = "expected \(bounds.lowerBound)d to \(bounds.upperBound)d"
            findings.error(value.place, path(key), message, hint: "\(why); \(found(text))")
            return fallback
        }
        return seconds / 86_400
    }

    private func found(_ text: String) -> String { "found \"\(Spelling.printable(text))\"" }
}
