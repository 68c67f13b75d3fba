// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a secret in shares of which one says nothing and any two say all (Shamir, threshold two).

/// Arithmetic on shares, byte by byte in GF(2^8) with the polynomial of AES, x^8 + x^4 + x^3 + x + 1.
///
/// The share at x is secret + slope · x; with a random slope one share can belong to every secret.
enum SecretSplit {
    /// Places are 1, 2, 3, …; at 0 the secret itself would lie.
    static func share(_ secret: [UInt8], slope: [UInt8], at place: UInt8) -> [UInt8] {
        zip(secret, slope).map { secret, slope in secret ^ product(slope, place) }
    }

    /// The secret from two shares; nil when their places or lengths do not make a line.
    static func join(
        _ left: (place: UInt8, share: [UInt8]),
        _ right: (place: UInt8, share: [UInt8])
    ) -> [UInt8]? {
        guard left.place != 0, right.place != 0, left.place != right.place,
            left.share.count == right.share.count
        else { return nil }
        let inverse = inverse(left.place ^ right.place)
        return zip(left.share, right.share).map { one, other in
            product(product(one, right.place) ^ product(other, left.place), inverse)
        }
    }

    /// Without branches on the bytes: they are secret.
    static func product(_ left: UInt8, _ right: UInt8) -> UInt8 {
        var result: UInt8 = 0
        var factor = left
        for bit in 0..<8 {
            result ^= factor & (0 &- ((right >> UInt8(bit)) & 1))
            factor = (factor << 1) ^ (0x1B & (0 &- (factor >> 7)))
        }
        return result
    }

    /// The number to the power of 254.
    static func inverse(_ number: UInt8) -> UInt8 {
        var result: UInt8 = 1
        for _ in 0..<254 { result = product(result, number) }
        return result
    }
}
