// SPDX-License-Identifier: EUPL-1.2
// Torhaus: questions about address ranges.

extension CedarIPAddress {
    /// Whether every address of this range is in the other; never between IPv4 and IPv6.
    package func isInRange(_ other: CedarIPAddress) -> Bool {
        guard isV6 == other.isV6, other.prefix <= prefix else { return false }
        let mask = Self.mask(other.prefix, isV6: isV6)
        return high & mask.high == other.high & mask.high && low & mask.low == other.low & mask.low
    }

    /// 127.0.0.0/8 or ::1, the whole range.
    package var isLoopback: Bool {
        isV6 ? high == 0 && low == 1 && prefix == 128 : low >> 24 == 127 && 8 <= prefix
    }

    /// 224.0.0.0/4 or ff00::/8, the whole range.
    package var isMulticast: Bool {
        isV6 ? high >> 56 == 0xff && 8 <= prefix : low >> 28 == 0xe && 4 <= prefix
    }

    private static func mask(_ prefix: UInt8, isV6: Bool) -> (high: UInt64, low: UInt64) {
        // Shifts by the whole width give 0 with the smart operators.
        guard isV6 else { return (0, (UInt64.max << UInt64(32 - min(prefix, 32))) & 0xffff_ffff) }
        if prefix <= 64 { return (UInt64.max << UInt64(64 - prefix), 0) }
        return (UInt64.max, UInt64.max << UInt64(128 - min(prefix, 128)))
    }
}
