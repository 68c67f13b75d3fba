// SPDX-License-Identifier: EUPL-1.2
// Torhaus: text as Cedar compares it, by its bytes.

/// A string of Cedar: equal when the UTF-8 bytes are equal.
///
/// Swift's own `==` takes "é" and "e" + U+0301 for the same; Cedar does not.
/// Holds its hash, so most comparisons on the decision path end at one number.
package struct CedarText: Sendable {
    private final class Storage: Sendable {
        let string: String
        let fingerprint: UInt64

        init(_ string: String) {
            self.string = string
            self.fingerprint = CedarText.fingerprint(of: string)
        }
    }

    private let storage: Storage

    package init(_ string: String) { storage = Storage(string) }

    /// The text as Swift knows it; do not compare or hash this.
    package var string: String { storage.string }

    /// A hash of the bytes, other in each process.
    package var fingerprint: UInt64 { storage.fingerprint }

    package var utf8: String.UTF8View { storage.string.utf8 }

    package var isEmpty: Bool { storage.string.utf8.isEmpty }

    // A seed of this process: nobody can prepare texts that collide.
    private static let seed = UInt64(truncatingIfNeeded: Hasher().finalize())

    /// FNV-1a with a secret start.
    private static func fingerprint(of string: String) -> UInt64 {
        var hash = seed
        for byte in string.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return hash
    }
}

extension CedarText: Hashable {
    package static func == (left: CedarText, right: CedarText) -> Bool {
        if left.storage === right.storage { return true }
        return left.storage.fingerprint == right.storage.fingerprint
            && left.storage.string.utf8.elementsEqual(right.storage.string.utf8)
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(storage.fingerprint) }
}

extension CedarText: Comparable {
    /// Order of the bytes, the same as the order of the scalars.
    package static func < (left: CedarText, right: CedarText) -> Bool {
        left.storage.string.utf8.lexicographicallyPrecedes(right.storage.string.utf8)
    }
}

extension CedarText: ExpressibleByStringLiteral, CustomStringConvertible {
    package init(stringLiteral value: String) { self.init(value) }

    package var description: String { string }
}
