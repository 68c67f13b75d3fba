// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a YAML value with its place, free of the library that read it.

/// One value of a file; types are decided by who reads it.
struct YAMLValue {
    /// A key with its value.
    struct Entry {
        let key: String
        let place: Place
        let value: YAMLValue
    }

    /// The three shapes of YAML.
    indirect enum Content {
        /// A text, and whether it was written without quotes.
        case scalar(String, plain: Bool)
        case list([YAMLValue])
        case map([Entry])
    }

    let place: Place
    let content: Content

    /// Nothing, `~` or `null` without quotes.
    var isNull: Bool {
        guard case .scalar(let text, plain: true) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// For a message: what was found.
    var kind: String {
        switch content {
        case .scalar: isNull ? "nothing" : "a single value"
        case .list: "a list"
        case .map: "a section with keys"
        }
    }
}
