// SPDX-License-Identifier: EUPL-1.2
// Torhaus: hosts, ports and the guesses for misspelt words.

import Testing

@testable import DaemonSettings

struct NetworkEndpointTests {
    struct Good: CustomTestStringConvertible, Sendable {
        let text: String
        let host: String
        let port: UInt16
        let literal: Bool
        var testDescription: String { text }
    }

    static let good = [
        Good(text: "[::]:443", host: "::", port: 443, literal: true),
        Good(text: "[2001:db8::10]:3389", host: "2001:db8::10", port: 3389, literal: true),
        Good(text: "[::ffff:10.0.0.1]:1", host: "::ffff:10.0.0.1", port: 1, literal: true),
        Good(text: "10.20.1.11:65535", host: "10.20.1.11", port: 65_535, literal: true),
        Good(text: "rb-01.desktops.example:3389", host: "rb-01.desktops.example", port: 3389, literal: false),
    ]

    @Test("reads an endpoint and writes it as it was", arguments: good)
    func reads(good: Good) throws {
        let endpoint = try #require(NetworkEndpoint(good.text))
        #expect(endpoint.host == good.host)
        #expect(endpoint.port == good.port)
        #expect(endpoint.isLiteral == good.literal)
        #expect(endpoint.description == good.text)
    }

    @Test(
        "refuses what is not an endpoint",
        arguments: [
            "", ":", ":443", "443", "host", "host:", "host:0", "host:65536", "host:+1", "host:-1", "host:٣",
            "::1:443", "[::1]", "[::1:443", "::1]:443", "[10.0.0.1]:1", "[]:1", "[host]:1", "10.0.0:1",
            "10.0.0.256:1", "10.0.0.01:1", "-a:1", "a-:1", "a..b:1", "a_b:1", "a b:1", "é:1", "[:::]:1",
            "[1::2::3]:1", "[1:2:3:4:5:6:7]:1", "[1:2:3:4:5:6:7:8:9]:1", "[12345::]:1", "[::g]:1", "[:1]:1",
            "[fe80::1%eth0]:1", "[::1.2.3]:1", "[1.2.3.4::]:1", "host:443:", "\u{301}:443",
        ]
    )
    func refuses(text: String) {
        #expect(NetworkEndpoint(text) == nil)
    }

    @Test(
        "knows IPv6 literals",
        arguments: ["::", "::1", "1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::1.2.3.4"]
    )
    func literals(text: String) {
        #expect(IPLiteral.isIPv6(text))
    }

    @Test("guesses a near word and nothing for a far one")
    func guesses() {
        let keys = ["listen", "public_names", "public_port"]
        #expect(Spelling.nearest(to: "lisen", among: keys) == "listen")
        #expect(Spelling.nearest(to: "public_name", among: keys) == "public_names")
        #expect(Spelling.nearest(to: "publicport", among: keys) == "public_port")
        #expect(Spelling.nearest(to: "xyzzy", among: keys) == nil)
        #expect(Spelling.nearest(to: String(repeating: "l", count: 100_000), among: keys) == nil)
    }
}
