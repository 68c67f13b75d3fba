// SPDX-License-Identifier: EUPL-1.2
// Torhaus: names of keys and logs (C2SP signed-note).

/// A name such as `audit.county.example/gate1/2026`.
package enum KeyName {
    /// Not empty, no Unicode space, no plus sign, no control character, at most 255 bytes.
    package static func isValid(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= MerkleLimits.keyNameBytes
            && name.unicodeScalars.allSatisfy {
                $0 != "+" && !$0.properties.isWhitespace && 0x20 <= $0.value && $0.value != 0x7F
            }
    }
}
