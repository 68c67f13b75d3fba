// SPDX-License-Identifier: EUPL-1.2
// Torhaus: which address may use which ticket.

import DaemonMessages
import Testing

@testable import Sessions

@Suite struct NetworkBindingTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let issued: [UInt8]
        let used: [UInt8]
        let strict: Bool
        let prefix: Bool
        var testDescription: String { name }
    }

    static func v4(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) -> [UInt8] {
        [UInt8](repeating: 0, count: 10) + [255, 255, a, b, c, d]
    }

    static func v6(_ network: UInt8, _ host: UInt8) -> [UInt8] {
        [0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, network] + [UInt8](repeating: 0, count: 7) + [host]
    }

    static let cases = [
        Case(name: "same v4", issued: v4(192, 0, 2, 7), used: v4(192, 0, 2, 7), strict: true, prefix: true),
        Case(
            name: "same /24",
            issued: v4(192, 0, 2, 7),
            used: v4(192, 0, 2, 200),
            strict: false,
            prefix: true
        ),
        Case(
            name: "other /24",
            issued: v4(192, 0, 2, 7),
            used: v4(192, 0, 3, 7),
            strict: false,
            prefix: false
        ),
        Case(name: "same v6", issued: v6(1, 7), used: v6(1, 7), strict: true, prefix: true),
        Case(name: "same /64", issued: v6(1, 7), used: v6(1, 8), strict: false, prefix: true),
        Case(name: "other /64", issued: v6(1, 7), used: v6(2, 7), strict: false, prefix: false),
        Case(name: "v4 then v6", issued: v4(192, 0, 2, 7), used: v6(1, 7), strict: false, prefix: true),
        Case(name: "v6 then v4", issued: v6(1, 7), used: v4(192, 0, 2, 7), strict: false, prefix: true),
    ]

    @Test("decides by mode", arguments: cases)
    func decides(_ wanted: Case) {
        #expect(NetworkBinding.strict.allows(issuedTo: wanted.issued, usedFrom: wanted.used) == wanted.strict)
        #expect(NetworkBinding.prefix.allows(issuedTo: wanted.issued, usedFrom: wanted.used) == wanted.prefix)
        #expect(NetworkBinding.off.allows(issuedTo: wanted.issued, usedFrom: wanted.used))
    }

    @Test("refuses damaged addresses in every mode", arguments: NetworkBinding.allCases)
    func refusesDamaged(_ mode: NetworkBinding) {
        #expect(!mode.allows(issuedTo: [], usedFrom: Self.v4(192, 0, 2, 7)))
        #expect(!mode.allows(issuedTo: Self.v4(192, 0, 2, 7), usedFrom: [1, 2, 3]))
    }

    struct Text: CustomTestStringConvertible, Sendable {
        let bytes: [UInt8]
        let text: String
        var testDescription: String { text }
    }

    @Test(
        "shows addresses as RFC 5952 wants them",
        arguments: [
            Text(bytes: v4(192, 0, 2, 7), text: "192.0.2.7"),
            Text(bytes: v6(1, 7), text: "2001:db8:0:1::7"),
            Text(bytes: [UInt8](repeating: 0, count: 16), text: "::"),
            Text(bytes: [UInt8](repeating: 0, count: 15) + [1], text: "::1"),
            Text(bytes: [0x20, 1] + [UInt8](repeating: 0, count: 14), text: "2001::"),
            Text(bytes: [0, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1], text: "1:0:1:1:1::1"),
            Text(bytes: (0..<8).flatMap { [UInt8(0), UInt8($0 + 1)] }, text: "1:2:3:4:5:6:7:8"),
        ]
    )
    func texts(_ wanted: Text) throws {
        #expect(try #require(ClientAddress(bytes: wanted.bytes, port: 1)).text == wanted.text)
    }
}
