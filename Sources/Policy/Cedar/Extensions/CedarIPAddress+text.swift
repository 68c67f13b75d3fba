// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads and writes addresses.

extension CedarIPAddress {
    /// The longest text: eight groups of four digits, and a prefix.
    private static let longest = 43
    private static let bitsV4: UInt8 = 32
    private static let bitsV6: UInt8 = 128

    /// Reads an IPv4 or IPv6 address with or without `/prefix`; nil when the text is none.
    ///
    /// No leading zeros in IPv4 and in prefixes, no zone, no IPv4 inside IPv6.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.longest else { return nil }
        let slash = bytes.firstIndex(of: UInt8(ascii: "/"))
        let address = bytes[..<(slash ?? bytes.count)]
        let isV6 = address.contains(UInt8(ascii: ":"))
        let bits = isV6 ? Self.bitsV6 : Self.bitsV4
        var prefix = bits
        if let slash {
            guard let written = Self.decimal(bytes[(slash + 1)...], atMost: bits) else { return nil }
            prefix = written
        }
        if isV6 {
            guard let (high, low) = Self.v6(address) else { return nil }
            self.init(isV6: true, high: high, low: low, prefix: prefix)
        } else {
            guard let low = Self.v4(address) else { return nil }
            self.init(isV6: false, high: 0, low: low, prefix: prefix)
        }
    }

    /// One to three digits without leading zero.
    private static func decimal(_ digits: ArraySlice<UInt8>, atMost limit: UInt8) -> UInt8? {
        guard (1...3).contains(digits.count), digits.allSatisfy(CedarCharacters.isDigit),
            digits.first != UInt8(ascii: "0") || digits.count == 1,
            let value = CedarDigits.number(digits, isNegative: false).flatMap({ UInt8(exactly: $0) })
        else { return nil }
        return value <= limit ? value : nil
    }

    private static func v4(_ bytes: ArraySlice<UInt8>) -> UInt64? {
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var result: UInt64 = 0
        for part in parts {
            guard let octet = decimal(part, atMost: 255) else { return nil }
            result = result << 8 | UInt64(octet)
        }
        return result
    }

    private static func v6(_ bytes: ArraySlice<UInt8>) -> (high: UInt64, low: UInt64)? {
        let total = 8
        guard let (head, tail) = halves(bytes), let first = groups(head) else { return nil }
        guard let tail else { return first.count == total ? joined(first) : nil }
        // Two colons stand for at least one group.
        guard let last = groups(tail), first.count + last.count < total else { return nil }
        let zeros = Array(repeating: UInt64(0), count: total - first.count - last.count)
        return joined(first + zeros + last)
    }

    /// What stands before and after `::`; no second half when there is none.
    private static func halves(
        _ bytes: ArraySlice<UInt8>
    ) -> (ArraySlice<UInt8>, ArraySlice<UInt8>?)? {
        let colon = UInt8(ascii: ":")
        let pairs = bytes.indices.dropLast().filter { bytes[$0] == colon && bytes[$0 + 1] == colon }
        guard let pair = pairs.first else { return (bytes, nil) }
        // Three colons, or two pairs of them.
        guard pairs.count == 1 else { return nil }
        return (bytes[..<pair], bytes[(pair + 2)...])
    }

    private static func groups(_ bytes: ArraySlice<UInt8>) -> [UInt64]? {
        guard !bytes.isEmpty else { return [] }
        var result: [UInt64] = []
        for part in bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false) {
            guard (1...4).contains(part.count) else { return nil }
            var value: UInt64 = 0
            for byte in part {
                guard let digit = hexadecimal(byte) else { return nil }
                value = value << 4 | digit
            }
            result.append(value)
        }
        return result
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    private static func joined(_ groups: [UInt64]) -> (high: UInt64, low: UInt64) {
        let high = groups.prefix(4).reduce(0) { $0 << 16 | $1 }
        return (high, groups.dropFirst(4).reduce(0) { $0 << 16 | $1 })
    }
}

extension CedarIPAddress: CustomStringConvertible {
    /// The address as it is read, the prefix only when it is not the whole length.
    package var description: String {
        let whole = isV6 ? Self.bitsV6 : Self.bitsV4
        let suffix = prefix == whole ? "" : "/\(prefix)"
        if isV6 {
            let groups = [high, low].flatMap { half in
                [48, 32, 16, 0].map { String((half >> UInt64($0)) & 0xffff, radix: 16) }
            }
            return groups.joined(separator: ":") + suffix
        }
        return [24, 16, 8, 0].map { String((low >> UInt64($0)) & 0xff) }.joined(separator: ".") + suffix
    }
}
