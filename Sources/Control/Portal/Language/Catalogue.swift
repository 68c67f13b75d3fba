// SPDX-License-Identifier: EUPL-1.2
// Torhaus: every sentence of the portal in one language.

import Foundation

/// Sentences by page and name, as `Resources/Catalogues/de.json` has them.
struct Catalogue: Sendable, Hashable {
    /// Page, then name.
    ///
    /// Templates reach it as `t.page.name`.
    let pages: [String: [String: String]]

    /// Reads a catalogue file.
    init(json: Data) throws {
        pages = try JSONDecoder().decode([String: [String: String]].self, from: json)
    }

    /// The sentence, with `{name}` places filled in.
    ///
    /// The text is not yet escaped for HTML.
    func text(_ phrase: Phrase, _ values: [String: String] = [:]) -> String {
        let (page, name) = phrase.path
        // The test suite holds that no catalogue lacks a phrase; the key is better than an empty page.
        var text = pages[page]?[name] ?? phrase.rawValue
        for (place, value) in values {
            text = text.replacing("{\(place)}", with: value)
        }
        return text
    }

    /// All `page.name` keys.
    var keys: Set<String> {
        Set(pages.flatMap { page, names in names.keys.map { "\(page).\($0)" } })
    }
}
