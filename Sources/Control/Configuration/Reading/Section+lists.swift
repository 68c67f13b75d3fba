// SPDX-License-Identifier: EUPL-1.2
// Torhaus: lists of a section.

extension Section {
    /// An element of a list with the key path that names it.
    struct Element {
        let value: YAMLValue
        let key: String
    }

    /// The elements of a list; nil when the key is missing or null, or is not a list with at least one element.
    mutating func elements(
        _ key: String,
        limit: Int = ConfigurationLimits.entries,
        mayBeEmpty: Bool = false
    ) -> [Element]? {
        guard let value = value(key) else { return nil }
        return elements(of: value, key, limit: limit, mayBeEmpty: mayBeEmpty)
    }

    /// The elements of a list that must be there.
    mutating func requiredElements(
        _ key: String,
        limit: Int = ConfigurationLimits.entries,
        hint: String? = nil
    ) -> [Element] {
        guard let value = required(key, hint: hint) else { return [] }
        return elements(of: value, key, limit: limit, mayBeEmpty: false) ?? []
    }

    /// What is left without the elements that could not be read; an element that stood before is a mistake.
    func unique(_ read: [(element: Element, text: String?)]) -> [String] {
        var seen: Set<String> = []
        return read.compactMap { element, text in
            guard let text else { return nil }
            guard seen.insert(text).inserted else {
                findings.error(
                    element.value.place,
                    path(element.key),
                    "\"\(text)\" stands twice in this list"
                )
                return nil
            }
            return text
        }
    }

    /// Each element as a section.
    func sections(_ elements: [Element]) -> [Section] {
        elements.map { Section($0.value, path: path($0.key), findings: findings) }
    }

    /// The elements of a value that should be a list with at least one.
    func elements(of value: YAMLValue, _ key: String) -> [Element] {
        elements(of: value, key, limit: ConfigurationLimits.entries, mayBeEmpty: false) ?? []
    }

    private func elements(of value: YAMLValue, _ key: String, limit: Int, mayBeEmpty: Bool) -> [Element]? {
        guard case .list(let values) = value.content else {
            findings.error(
                value.place,
                path(key),
                "expected a list, found \(value.kind)",
                hint: "write [a, b], or one entry per line after \"- \""
            )
            return nil
        }
        if values.isEmpty, !mayBeEmpty {
            findings.error(value.place, path(key), "the list is empty")
            return nil
        }
        if limit < values.count {
            findings.error(value.place, path(key), "more than \(limit) entries")
            return nil
        }
        return values.enumerated().map { Element(value: $1, key: "\(key)[\($0)]") }
    }
}
