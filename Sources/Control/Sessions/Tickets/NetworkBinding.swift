// SPDX-License-Identifier: EUPL-1.2
// Torhaus: may a ticket that was issued to one address be used from another?

package import DaemonMessages

/// How tightly a ticket is bound to the network it was issued to.
package enum NetworkBinding: String, Sendable, Hashable, CaseIterable {
    /// The same address.
    case strict
    /// The same IPv4 /24 or IPv6 /64, or another address family.
    case prefix
    /// Any address.
    case off

    /// Whether a ticket of one address may be used from another; ports never count.
    package func allows(issuedTo issued: [UInt8], usedFrom used: [UInt8]) -> Bool {
        // Addresses are 16 bytes by type; anything else was damaged on the way and opens nothing.
        guard issued.count == 16, used.count == 16 else { return false }
        switch self {
        case .off: return true
        case .strict: return issued == used
        case .prefix:
            let families = (Self.isMappedV4(issued), Self.isMappedV4(used))
            switch families {
            case (true, true): return issued.prefix(15) == used.prefix(15)
            case (false, false): return issued.prefix(8) == used.prefix(8)
            // A home with both families uses one for the browser and the other for the client, and
            // nothing in the addresses says that they belong together.
            default: return true
            }
        }
    }

    /// `::ffff:a.b.c.d`.
    static func isMappedV4(_ address: [UInt8]) -> Bool {
        address.count == 16 && address.prefix(10).allSatisfy { $0 == 0 }
            && address.dropFirst(10).prefix(2) == [255, 255]
    }
}

extension ClientAddress {
    /// The address as people write it: `192.0.2.7` or `2001:db8::7` (RFC 5952).
    package var text: String {
        if NetworkBinding.isMappedV4(bytes) {
            return bytes.suffix(4).map { String($0) }.joined(separator: ".")
        }
        var groups: [UInt16] = []
        var high: UInt8?
        for byte in bytes {
            if let first = high {
                groups.append(UInt16(first) << 8 | UInt16(byte))
                high = nil
            } else {
                high = byte
            }
        }
        return Self.compressed(groups)
    }

    private static func compressed(_ groups: [UInt16]) -> String {
        var best: Range<Int>?
        var run: Range<Int>?
        for (index, group) in groups.enumerated() {
            guard group == 0 else {
                run = nil
                continue
            }
            let grown = (run?.lowerBound ?? index)..<(index + 1)
            run = grown
            if (best?.count ?? 1) < grown.count { best = grown }
        }
        func joined(_ part: some Sequence<UInt16>) -> String {
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard let best else { return joined(groups) }
        return joined(groups.prefix(best.lowerBound)) + "::" + joined(groups.dropFirst(best.upperBound))
    }
}
