// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the types of records, of entities' attributes and of contexts.

/// Which keys a record has, of which types, and which of them may be missing; other keys are not allowed.
package struct CedarRecordType: Hashable, Sendable {
    package struct Attribute: Hashable, Sendable {
        package let key: CedarText
        package let type: CedarType
        package let isRequired: Bool

        package init(_ key: CedarText, _ type: CedarType, isRequired: Bool = true) {
            self.key = key
            self.type = type
            self.isRequired = isRequired
        }
    }

    // Messages show this many attributes of a record at most.
    private static let shown = 8

    /// Each key once, in byte order.
    package let attributes: [Attribute]

    package static let empty = CedarRecordType([])

    /// Takes the attributes; of those with the same key the last one counts, as in the official implementation.
    package init(_ attributes: [Attribute]) {
        var last: [CedarText: Attribute] = [:]
        for attribute in attributes { last[attribute.key] = attribute }
        self.attributes = last.values.sorted { $0.key < $1.key }
    }

    private init(sorted: [Attribute]) { attributes = sorted }

    /// What is stated under this key; nil when nothing is.
    package subscript(key: CedarText) -> Attribute? {
        var low = 0
        var high = attributes.count
        // Records are small: keys are compared by their hash first, which a binary search cannot do.
        if high <= 24 { return attributes.first { $0.key == key } }
        while low < high {
            let middle = low + (high - low) / 2
            let attribute = attributes[middle]
            if attribute.key == key { return attribute }
            if attribute.key < key { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    /// The type two records have together: same keys, same keys optional, types with something in common.
    package static func common(_ left: CedarRecordType, _ right: CedarRecordType) -> CedarRecordType? {
        guard left.attributes.count == right.attributes.count else { return nil }
        var both: [Attribute] = []
        both.reserveCapacity(left.attributes.count)
        for (one, other) in zip(left.attributes, right.attributes) {
            guard one.key == other.key, one.isRequired == other.isRequired,
                let type = CedarType.common(one.type, other.type)
            else { return nil }
            both.append(Attribute(one.key, type, isRequired: one.isRequired))
        }
        return CedarRecordType(sorted: both)
    }
}

extension CedarRecordType: CustomStringConvertible {
    /// As schemas write it, long records shortened.
    package var description: String {
        var parts = attributes.prefix(Self.shown).map { attribute in
            "\(CedarEscaping.quoted(attribute.key.string))\(attribute.isRequired ? "" : "?"): \(attribute.type)"
        }
        if Self.shown < attributes.count { parts.append("…") }
        return "{\(parts.joined(separator: ", "))}"
    }
}
