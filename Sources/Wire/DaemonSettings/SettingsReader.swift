// SPDX-License-Identifier: EUPL-1.2
// Torhaus: lines of `key = value`, asked for key by key; what nobody asked for is a mistake.

/// Takes a settings text apart and collects every mistake on the way.
struct SettingsReader {
    private struct Entry {
        let line: Int
        let value: String
    }

    private var entries: [String: [Entry]] = [:]
    private var askedFor: [String] = []
    private var problems: [SettingsError.Problem] = []

    /// Splits the text; nothing is judged yet but the form of the lines.
    init(text: String) {
        guard text.utf8.count <= SettingsLimits.fileBytes else {
            report("(file)", "the file has more than \(SettingsLimits.fileBytes) bytes")
            return
        }
        // Scalars, not characters: "\r\n" is one Character, and so are combining marks behind a line feed.
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, scalars) in lines.enumerated() {
            take(line: index + 1, text: Self.trimmed(scalars))
        }
    }

    private mutating func take(line: Int, text: String) {
        guard !text.isEmpty, !text.hasPrefix("#") else { return }
        let scalars = text.unicodeScalars
        guard let sign = scalars.firstIndex(of: "=") else {
            problems.append(.init(line: line, key: "(line)", message: "expected `key = value`"))
            return
        }
        let key = Self.trimmed(scalars[..<sign])
        let value = Self.trimmed(scalars[scalars.index(after: sign)...])
        guard !key.isEmpty else {
            problems.append(.init(line: line, key: "(line)", message: "the key before `=` is missing"))
            return
        }
        entries[key, default: []].append(Entry(line: line, value: value))
    }

    private static func trimmed(_ scalars: Substring.UnicodeScalarView) -> String {
        func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" || scalar == "\r" }
        var rest = scalars.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return String(rest)
    }

    // MARK: Asking

    /// A key that may stand several times and must stand once.
    mutating func list(_ key: String, _ form: SettingsForm) -> [String] {
        let found = take(key)
        if found.isEmpty { report(key, "at least one line is needed") }
        if SettingsLimits.listEntries < found.count {
            report(key, "more than \(SettingsLimits.listEntries) lines", line: found.last?.line)
        }
        return found.filter { judge($0, key, form) }.map(\.value)
    }

    /// A key that may stand once.
    mutating func optional(_ key: String, _ form: SettingsForm) -> String? {
        guard let entry = once(key), judge(entry, key, form) else { return nil }
        return entry.value
    }

    /// A key that must stand once.
    mutating func needed(_ key: String, _ form: SettingsForm) -> String {
        guard entries[key] != nil else {
            report(key, "the key is missing")
            return ""
        }
        return optional(key, form) ?? ""
    }

    /// A key that may stand once and has a default.
    mutating func single(_ key: String, _ form: SettingsForm, default fallback: String) -> String {
        optional(key, form) ?? fallback
    }

    /// A whole number within its bounds.
    mutating func integer(_ key: String, _ bounds: ClosedRange<Int>, default fallback: Int) -> Int {
        guard let entry = once(key) else { return fallback }
        guard let number = Int(entry.value), bounds.contains(number) else {
            let wanted = "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)"
            report(key, "expected \(wanted)", line: entry.line)
            return fallback
        }
        return number
    }

    /// `yes` or `no`.
    mutating func flag(_ key: String, default fallback: Bool) -> Bool {
        guard let entry = once(key) else { return fallback }
        switch entry.value {
        case "yes": return true
        case "no": return false
        default:
            report(key, "expected yes or no", line: entry.line)
            return fallback
        }
    }

    // MARK: Judging

    /// Notes a mistake.
    mutating func report(_ key: String, _ message: String, line: Int? = nil) {
        problems.append(.init(line: line, key: key, message: message))
    }

    /// Throws when anything was wrong; keys that nobody asked for are wrong.
    mutating func finish() throws(SettingsError) {
        for (key, found) in entries {
            let guess = Spelling.nearest(to: key, among: askedFor).map { ", did you mean \($0)?" } ?? ""
            for entry in found { report(Spelling.printable(key), "unknown key\(guess)", line: entry.line) }
        }
        guard !problems.isEmpty else { return }
        throw SettingsError(
            problems: problems.sorted { ($0.line ?? .max, $0.key) < ($1.line ?? .max, $1.key) }
        )
    }

    private mutating func take(_ key: String) -> [Entry] {
        askedFor.append(key)
        return entries.removeValue(forKey: key) ?? []
    }

    private mutating func once(_ key: String) -> Entry? {
        let found = take(key)
        for extra in found.dropFirst() { report(key, "the key may stand only once", line: extra.line) }
        return found.first
    }

    private mutating func judge(_ entry: Entry, _ key: String, _ form: SettingsForm) -> Bool {
        guard let complaint = form.complaint(about: entry.value) else { return true }
        report(key, complaint, line: entry.line)
        return false
    }
}
