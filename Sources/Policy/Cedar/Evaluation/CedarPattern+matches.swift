// SPDX-License-Identifier: EUPL-1.2
// Torhaus: matches texts against patterns.

extension CedarPattern {
    /// Whether the whole text matches, scalar by scalar.
    ///
    /// Goes back only to the last wildcard: at most length of text times length of pattern steps.
    package func matches(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        var place = scalars.startIndex
        var element = elements.startIndex
        var retry: (element: Int, place: String.UnicodeScalarView.Index)?
        while place < scalars.endIndex {
            if element < elements.endIndex, elements[element] == .wildcard {
                element += 1
                if element == elements.endIndex { return true }
                retry = (element, place)
            } else if element < elements.endIndex, elements[element] == .scalar(scalars[place]) {
                element += 1
                scalars.formIndex(after: &place)
            } else if let last = retry {
                let next = scalars.index(after: last.place)
                retry = (last.element, next)
                (element, place) = (last.element, next)
            } else {
                return false
            }
        }
        return elements[element...].allSatisfy { $0 == .wildcard }
    }
}
