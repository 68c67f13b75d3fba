// SPDX-License-Identifier: EUPL-1.2
// Torhaus: writes lines of `key = value` that no value can break out of.

/// Builds a settings text.
struct SettingsWriter {
    private(set) var text: String

    init(title: String) {
        text =
            "# Settings of \(title), written by `torhaus render`. Changes here are lost; edit torhaus.yaml.\n"
    }

    mutating func add(_ key: String, _ value: String) {
        // A line feed in a value would start a line of its own. The replacement character is refused by the
        // reader, so that a bad value stops the daemon instead of becoming another value.
        let safe = String(
            String.UnicodeScalarView(
                value.unicodeScalars.map { Spelling.isControl($0) ? SettingsForm.replacement : $0 }
            )
        )
        text += "\(key) = \(safe)\n"
    }

    mutating func add(_ key: String, _ values: [String]) {
        for value in values { add(key, value) }
    }

    mutating func add(_ key: String, _ value: Int) { add(key, String(value)) }

    mutating func add(_ key: String, _ value: Bool) { add(key, value ? "yes" : "no") }
}
