// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one section of a file, asked for key by key; what nobody asked for is a mistake.

internal import DaemonSettings

/// Reads the keys of one mapping.
///
/// A mistake is noted and a stand-in goes on, so that all are found at once.
struct Section {
    /// The path of keys to this section, empty for the file.
    let path: String
    let place: Place
    let findings: Findings
    private var entries: [String: YAMLValue.Entry] = [:]
    private var known: [String] = []

    /// Notes a mistake when the value is not a section; nothing (null) is an empty one.
    init(_ value: YAMLValue, path: String, findings: Findings) {
        self.path = path
        self.place = value.place
        self.findings = findings
        switch value.content {
        case .map(let list):
            for entry in list {
                // The library refuses repeated keys; the first counts if it ever does not.
                if entries[entry.key] == nil { entries[entry.key] = entry }
            }
        case .scalar, .list:
            guard !value.isNull else { return }
            findings.error(value.place, path, "expected a section with keys, found \(value.kind)")
        }
    }

    // MARK: Asking

    /// The value of a key, nil when it is missing or null.
    mutating func value(_ key: String) -> YAMLValue? {
        known.append(key)
        guard let value = entries.removeValue(forKey: key)?.value, !value.isNull else { return nil }
        return value
    }

    /// The value of a key that must be there.
    mutating func required(_ key: String, hint: String? = nil) -> YAMLValue? {
        let entry = entries[key]
        if let value = value(key) { return value }
        let message = entry == nil ? "the key is missing" : "the key has no value"
        findings.error(entry?.place ?? place, path(key), message, hint: hint)
        return nil
    }

    /// A section below this one; an empty one when it is missing.
    mutating func section(_ key: String) -> Section {
        let place = entries[key]?.place ?? place
        let value = value(key) ?? YAMLValue(place: place, content: .map([]))
        return Section(value, path: path(key), findings: findings)
    }

    /// Whether the key stands in the file and is not null.
    func has(_ key: String) -> Bool { entries[key].map { !$0.value.isNull } ?? false }

    /// The place of a key that was not asked for yet.
    func place(of key: String) -> Place { entries[key]?.value.place ?? place }

    /// The path of keys to one of ours.
    func path(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// Notes the keys that nobody asked for.
    mutating func finish() {
        for entry in entries.values {
            let guess = Spelling.nearest(to: entry.key, among: known)
            let hint = guess.map { "did you mean \($0)?" } ?? "known here: \(known.joined(separator: ", "))"
            findings.error(entry.place, path(Spelling.printable(entry.key)), "unknown key", hint: hint)
        }
        entries = [:]
    }
}
