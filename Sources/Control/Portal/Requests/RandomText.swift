// SPDX-License-Identifier: EUPL-1.2
// Torhaus: random names and secrets as text, and what is derived from them.

import OpenSSLKit

/// 256 random bits as 64 hexadecimal digits.
enum RandomText {
    /// A fresh one.
    static func make() throws -> String {
        hex(try RandomBytes.make(count: 32))
    }

    /// Whether a text has the form of one.
    static func hasForm(_ text: String) -> Bool {
        text.utf8.count == 64
            && text.utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x61 && $0 <= 0x66) }
    }

    /// What the store keeps of a cookie.
    static func hash(_ text: String) -> [UInt8] {
        Digest.sha256(Array(text.utf8))
    }

    /// The form field that goes with an entry cookie: whoever knows the cookie can make it, nobody else, and
    /// the page does not give the cookie away.
    static func formField(forEntry cookie: String) -> String {
        hex(Digest.sha256(Array("torhaus entry form \(cookie)".utf8)))
    }

    /// Compares in constant time.
    static func equal(_ left: String?, _ right: String?) -> Bool {
        guard let left, let right else { return false }
        return constantTimeEqual(Array(left.utf8), Array(right.utf8))
    }

    /// Lower-case hexadecimal digits.
    static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self
        )
    }
}
