// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the languages the portal speaks, and which one a browser prefers.

import Sessions

/// German first, English second.
package enum Language: String, Sendable, Hashable, CaseIterable {
    case german = "de"
    case english = "en"

    /// The best one for an `Accept-Language` header; German when it says nothing we speak.
    static func preferred(by header: String?) -> Language {
        guard let header else { return .german }
        var best: (language: Language, quality: Int)?
        // Each range is looked at once; a header longer than any browser's is not worth reading on.
        for range in header.prefix(512).split(separator: ",").prefix(32) {
            let parts = range.split(separator: ";").map(trimmed)
            guard let tag = parts.first, let language = language(of: tag) else { continue }
            let quality = parts.dropFirst().compactMap(quality).first ?? 1000
            guard 0 < quality else { continue }
            if quality > best?.quality ?? 0 { best = (language, quality) }
        }
        return best?.language ?? .german
    }

    private static func language(of tag: Substring) -> Language? {
        if tag == "*" { return .german }
        let primary = tag.split(separator: "-").first.map { $0.lowercased() }
        return primary.flatMap(Language.init(rawValue:))
    }

    /// `q=0.8` as 800.
    private static func quality(_ parameter: Substring) -> Int? {
        guard parameter.lowercased().hasPrefix("q=") else { return nil }
        guard let value = Double(parameter.dropFirst(2)), (0...1).contains(value) else { return 0 }
        return Int(value * 1000)
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}

extension LocalizedText {
    /// The sentence in one language.
    func text(_ language: Language) -> String {
        switch language {
        case .german: german
        case .english: english
        }
    }
}
