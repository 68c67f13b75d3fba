// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the patterns of `like`.

/// What stands right of `like`: literal pieces and wildcards.
package struct CedarPattern: Hashable, Sendable {
    package enum Element: Hashable, Sendable {
        case wildcard
        case scalar(Unicode.Scalar)
    }

    package let elements: [Element]

    package init(_ elements: [Element]) { self.elements = elements }
}
