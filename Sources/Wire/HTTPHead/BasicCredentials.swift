// SPDX-License-Identifier: EUPL-1.2
// Torhaus: user name and secret out of `Authorization: Basic` (RFC 7617).

internal import ByteCoding

/// What a Basic header carries; the secret is bytes and not text, so that its owner can wipe it.
package struct BasicCredentials: Hashable, Sendable {
    /// Never empty, without control characters.
    package let user: String
    /// As sent; may be empty, may hold colons.
    package var secret: [UInt8]

    /// Reads the value of an Authorization field; nil for other schemes and for every fault.
    package init?(authorization value: String) {
        let bytes = [UInt8](value.utf8)
        let scheme = Array("basic ".utf8)
        guard HTTPCharacters.equal(bytes.prefix(scheme.count), scheme) else { return nil }
        let letters = bytes.dropFirst(scheme.count).drop { $0 == HTTPCharacters.space }
        guard letters.count <= HTTPLimits.credential, let plain = Base64.decode(letters),
            let colon = plain.firstIndex(of: UInt8(ascii: ":")), 0 < colon,
            let user = String(validating: plain[..<colon], as: UTF8.self),
            user.utf8.allSatisfy({ HTTPCharacters.space <= $0 && $0 != 0x7F })
        else {
            return nil
        }
        self.user = user
        secret = Array(plain[(colon + 1)...])
    }

    /// Whether the value is of the scheme Basic at all.
    package static func isBasic(authorization value: String) -> Bool {
        HTTPCharacters.equal(value.utf8.prefix(6), "basic ".utf8)
    }
}

extension BasicCredentials: CustomStringConvertible, CustomDebugStringConvertible {
    /// Without name and secret.
    package var description: String { "BasicCredentials(<redacted>)" }

    /// The same as `description`.
    package var debugDescription: String { description }
}
