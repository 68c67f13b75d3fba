// SPDX-License-Identifier: EUPL-1.2
// Torhaus: which zone an address is in.

package import Cedar

/// Ranges of all zones; the longest that holds an address decides.
package struct ZoneTable: Sendable {
    private struct Range: Sendable {
        let network: CedarIPAddress
        let zone: EntityUID
    }

    /// Longest first.
    private let ranges: [Range]
    private static let elsewhere = Gw.uid(Gw.zone, PolicyZone.elsewhere)

    /// Takes the zones' ranges.
    package init(_ zones: [PolicyZone]) {
        ranges = zones.flatMap { zone in
            let uid = Gw.uid(Gw.zone, zone.name)
            return zone.networks.map { Range(network: $0, zone: uid) }
        }
        .sorted { $0.network.prefix > $1.network.prefix }
    }

    /// `Gw::Zone`; `internet` when no range holds the address.
    package func zone(of address: CedarIPAddress) -> EntityUID {
        let address = address.unmapped
        return ranges.first { address.isInRange($0.network) }?.zone ?? Self.elsewhere
    }
}

extension CedarIPAddress {
    /// From 16 bytes in network order; `::ffff:a.b.c.d` becomes IPv4.
    ///
    /// Nil unless there are 16.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        let high = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let low = bytes.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        self = CedarIPAddress(isV6: true, high: high, low: low, prefix: 128).unmapped
    }

    /// An IPv4 address that came in IPv6 clothes (RFC 4291, 2.5.5.2) as IPv4; others as they are.
    ///
    /// A rule about 198.51.100.0/24 must hold whichever socket the client reached.
    package var unmapped: CedarIPAddress {
        guard isV6, prefix == 128, high == 0, low >> 32 == 0xffff else { return self }
        return CedarIPAddress(isV6: false, high: 0, low: low & 0xffff_ffff, prefix: 32)
    }

    /// The same range without bits behind its prefix.
    var masked: CedarIPAddress {
        guard isV6 else {
            let kept = (UInt64.max << UInt64(32 - min(prefix, 32))) & 0xffff_ffff
            return CedarIPAddress(isV6: false, high: 0, low: low & kept, prefix: prefix)
        }
        let upper = UInt64.max << UInt64(64 - min(prefix, 64))
        let lower = prefix <= 64 ? 0 : UInt64.max << UInt64(128 - min(prefix, 128))
        return CedarIPAddress(isV6: true, high: high & upper, low: low & lower, prefix: prefix)
    }
}
