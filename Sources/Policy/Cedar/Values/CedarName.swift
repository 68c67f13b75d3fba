// SPDX-License-Identifier: EUPL-1.2
// Torhaus: names with namespaces, as of entity types.

/// A name such as `Gw::DesktopPool`: identifiers joined by `::`, kept whole for quick comparison.
package struct CedarName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The whole path in its normal form, without spaces.
    package let text: CedarText

    /// Takes a path that a parser has already checked.
    package init(checked text: CedarText) { self.text = text }

    /// Takes the identifiers of a path that a parser has already checked.
    package init(checkedPath: [String]) { text = CedarText(checkedPath.joined(separator: "::")) }

    /// The identifiers, outermost namespace first; never empty.
    package var components: [Substring] {
        var parts: [Substring] = []
        var rest = text.string[...]
        while let cut = rest.utf8.firstIndex(of: UInt8(ascii: ":")) {
            parts.append(rest[..<cut])
            rest = rest[cut...].drop { $0 == ":" }
        }
        parts.append(rest)
        return parts
    }

    /// The last identifier.
    package var basename: String { components.last.map(String.init) ?? text.string }

    /// What stands before the last identifier; empty when there is no namespace.
    package var namespace: String { components.dropLast().joined(separator: "::") }

    /// Whether entities of this type are actions: the last identifier is `Action`.
    package var isAction: Bool { basename.utf8.elementsEqual("Action".utf8) }

    package var description: String { text.string }

    package static func < (left: CedarName, right: CedarName) -> Bool { left.text < right.text }
}
