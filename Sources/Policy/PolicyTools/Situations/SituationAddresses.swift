// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the addresses at which rules about the network can change their answer.

internal import AccessPolicy
internal import Cedar

/// One address for each zone, and addresses on both sides of each range that rules name.
struct SituationAddresses {
    /// Each once; the first is in a zone of the county if there is one.
    let all: [CedarIPAddress]

    init(_ harvest: ConstantHarvest, _ sets: [AccessPolicySet]) {
        var found: [CedarIPAddress] = []
        if harvest.mentions("zone") {
            for set in sets {
                for zone in set.input.zones {
                    // A zone's first address may lie in a narrower range of another zone, its last one rarely too.
                    found += zone.networks.flatMap { [$0.first, $0.last] }
                }
            }
        }
        for range in (harvest.ranges["ip"] ?? []).sorted(by: { $0.description < $1.description }) {
            found += [range.first, range.last] + range.neighbours
        }
        if harvest.mentions("ip") {
            // Rules may ask for the version, or for loopback and multicast.
            found += Self.kinds
        }
        found.append(Self.elsewhere)
        var seen: Set<CedarIPAddress> = []
        all = found.filter { seen.insert($0).inserted }
    }

    // TEST-NET-3 (RFC 5737): somewhere on the internet.
    private static let elsewhere = CedarIPAddress(isV6: false, high: 0, low: 0xCB00_7107, prefix: 32)
    // 2001:db8::7 (RFC 3849), 127.0.0.1, 224.0.0.1.
    private static let kinds = [
        CedarIPAddress(isV6: true, high: 0x2001_0db8_0000_0000, low: 7, prefix: 128),
        CedarIPAddress(isV6: false, high: 0, low: 0x7F00_0001, prefix: 32),
        CedarIPAddress(isV6: false, high: 0, low: 0xE000_0001, prefix: 32),
    ]
}

extension CedarIPAddress {
    /// The lowest address of the range.
    var first: CedarIPAddress {
        CedarIPAddress(isV6: isV6, high: high & ~hostBits.high, low: low & ~hostBits.low, prefix: width)
    }

    /// The highest address of the range.
    var last: CedarIPAddress {
        CedarIPAddress(isV6: isV6, high: high | hostBits.high, low: low | hostBits.low, prefix: width)
    }

    /// The addresses directly below and above the range, where there are such.
    var neighbours: [CedarIPAddress] {
        [first.stepped(down: true), last.stepped(down: false)].compactMap { $0 }
    }

    private var width: UInt8 { isV6 ? 128 : 32 }

    /// The bits that vary inside the range.
    private var hostBits: (high: UInt64, low: UInt64) {
        let free = width - min(prefix, width)
        if free < 64 { return (0, (UInt64(1) << UInt64(free)) - 1) }
        if free == 128 { return (.max, .max) }
        return ((UInt64(1) << UInt64(free - 64)) - 1, .max)
    }

    private func stepped(down: Bool) -> CedarIPAddress? {
        guard isV6 else {
            let (next, over) =
                down ? low.subtractingReportingOverflow(1) : low.addingReportingOverflow(1)
            guard !over, next <= 0xFFFF_FFFF else { return nil }
            return CedarIPAddress(isV6: false, high: 0, low: next, prefix: width)
        }
        let (next, over) = down ? low.subtractingReportingOverflow(1) : low.addingReportingOverflow(1)
        guard over else { return CedarIPAddress(isV6: true, high: high, low: next, prefix: width) }
        let (upper, isEnd) =
            down ? high.subtractingReportingOverflow(1) : high.addingReportingOverflow(1)
        return isEnd ? nil : CedarIPAddress(isV6: true, high: upper, low: next, prefix: width)
    }
}
