// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of zones.

import Cedar
import Testing

@testable import AccessPolicy

@Suite struct ZoneTests {
    private static let table = ZoneTable(
        [
            ("wide", ["10.0.0.0/8", "2001:db8::/32"]), ("narrow", ["10.20.0.0/16", "2001:db8:5::/48"]),
            ("host", ["10.20.1.1", "2001:db8:5::1"]), ("odd", ["172.16.5.9/12"]),
        ].map { PolicyZone(name: $0, networks: $1.compactMap(CedarIPAddress.init)) }
    )

    @Test(
        "the longest range that holds the address decides, whatever the order of the zones",
        arguments: [
            ("10.1.1.1", "wide"), ("10.20.1.2", "narrow"), ("10.20.1.1", "host"), ("11.0.0.0", "internet"),
            ("9.255.255.255", "internet"), ("2001:db8:4::1", "wide"), ("2001:db8:5::2", "narrow"),
            ("2001:db8:5::1", "host"), ("2001:db9::", "internet"), ("::1", "internet"),
            // IPv4 in IPv6 clothes.
            ("::ffff:a14:101", "host"), ("::ffff:b00:0", "internet"),
            // A range may be written with bits behind its prefix.
            ("172.31.255.255", "odd"), ("172.32.0.0", "internet"),
        ]
    )
    func longestPrefix(_ address: String, _ zone: String) {
        #expect(Self.table.zone(of: County.address(address)) == Gw.uid(Gw.zone, zone))
    }

    @Test("sixteen bytes from the wire become an address, IPv4 where it is meant")
    func bytes() {
        let mapped = [UInt8](repeating: 0, count: 10) + [0xff, 0xff, 10, 20, 1, 1]
        #expect(CedarIPAddress(bytes: mapped) == CedarIPAddress("10.20.1.1"))
        let v6 = [0x20, 0x01, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11) + [1]
        #expect(CedarIPAddress(bytes: v6) == CedarIPAddress("2001:db8::1"))
        for count in [0, 4, 15, 17] {
            #expect(CedarIPAddress(bytes: [UInt8](repeating: 1, count: count)) == nil)
        }
    }

    @Test(
        "zones that contradict each other are errors",
        arguments: [
            ("two zones of one name", ["a", "a"], ["10.0.0.0/8", "11.0.0.0/8"], nil),
            ("one range in two zones", ["a", "b"], ["10.0.0.1/8", "10.0.0.2/8"], nil),
            ("a zone called internet", ["internet"], ["10.0.0.0/8"], nil),
            ("a parent that is none", ["a"], ["10.0.0.0/8"], "b"),
            ("a zone in itself", ["a"], ["10.0.0.0/8"], "a"),
        ] as [(String, [String], [String], String?)]
    )
    func contradictions(_ name: String, _ names: [String], _ ranges: [String], _ parent: String?) throws {
        let zones = zip(names, ranges).map {
            PolicyZone(name: $0, networks: [$1].compactMap(CedarIPAddress.init), parent: parent)
        }
        let input = PolicyInput(municipalities: [County.rhoenblick()], zones: zones)
        #expect(throws: PolicyError.self) { try AccessPolicySet(input, digest: County.fingerprint) }
    }
}
