// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the gate's settings file, there and back.

import Testing

@testable import DaemonSettings

struct GateSettingsTests {
    static let full = GateSettings(
        listen: ["[::]:443", "0.0.0.0:8443"],
        profile: "modern",
        recordCipher: "openssl",
        certificates: [
            .init(chain: "/etc/torhaus/tls/a b.pem", key: "/etc/torhaus/tls/a=b.key"),
            .init(chain: "/etc/torhaus/tls/#2.pem", key: "/etc/torhaus/tls/2.key"),
        ],
        refuseUnknownName: false,
        clientAuthority: "/etc/torhaus/tls/ca.pem",
        publicNames: ["gate.example", "tor.example"],
        publicPort: 8443,
        portalUpstream: "tcp:127.0.0.1:8080",
        gateLink: "/run/x/gate.sock",
        allowedControlUser: "control_1",
        basic: true,
        chunkedOut: true,
        relayThreads: 3,
        handshakeThreads: 4,
        maxConnections: 16,
        halfOpenPerAddress: 7,
        keepaliveSeconds: 5,
        requestHeadSeconds: 6,
        tunnelSeconds: 8,
        connectSeconds: 9,
        handshakeSeconds: 11
    )

    static let least = "listen=[::]:443\npublic_name=gate.example\ncertificate_chain=/c\ncertificate_key=/k"

    @Test("what is rendered reads back as the same value")
    func roundTrip() throws {
        #expect(try GateSettings(text: Self.full.rendered) == Self.full)
        let plain = GateSettings(certificates: [.init(chain: "/c", key: "/k")], publicNames: ["gate.example"])
        #expect(try GateSettings(text: plain.rendered) == plain)
    }

    @Test("keys that are not there have the documented defaults")
    func defaults() throws {
        let read = try GateSettings(text: Self.least)
        #expect(
            read == GateSettings(certificates: [.init(chain: "/c", key: "/k")], publicNames: ["gate.example"])
        )
    }

    @Test("comments, blank lines, tabs and carriage returns do not matter")
    func looseForm() throws {
        let loose = "\r\n# comment\r\n\t # another = one\n\n" + Self.least.replacing("\n", with: " \r\n\t")
        #expect(try GateSettings(text: loose) == GateSettings(text: Self.least))
    }

    @Test(
        "a line feed in a value cannot become a line of its own",
        arguments: ["\n", "\r", "\u{2028}", "\0"]
    )
    func injection(separator: String) {
        var settings = Self.full
        settings.basic = false
        settings.clientAuthority = "/ca\(separator)basic = yes"
        #expect(throws: SettingsError.self) { try GateSettings(text: settings.rendered) }
        #expect(settings.rendered.split(separator: "\n").count { $0.hasPrefix("basic = ") } == 1)
    }

    @Test("every mistake is listed at once, in the order of the lines")
    func allMistakes() throws {
        let text = """
            listen = localhost:443
            relay_thread = 2
            no sign here
            keepalive_seconds = 4
            basic = true
            basic = yes
            certificate_chain = /c
            profile = BSI
            = 3
            """
        let error = try #require(throws: SettingsError.self) { try GateSettings(text: text) }
        #expect(
            error.description == """
                line 1: listen: expected ADDRESS:PORT, such as [::]:443 or 0.0.0.0:8443
                line 2: relay_thread: unknown key, did you mean relay_threads?
                line 3: (line): expected `key = value`
                line 4: keepalive_seconds: expected a whole number from 5 to 600
                line 5: basic: expected yes or no
                line 6: basic: the key may stand only once
                line 8: profile: expected bsi or modern
                line 9: (line): the key before `=` is missing
                certificate_key: at least one line is needed
                certificate_key: there are 1 certificate_chain and 0 certificate_key lines
                public_name: at least one line is needed
                """
        )
    }

    @Test("a text cut at any byte is a value or an error, never a trap")
    func cutAnywhere() {
        let bytes = Array(Self.full.rendered.utf8)
        var values = 0
        for count in bytes.indices {
            let text = String(decoding: bytes[..<count], as: UTF8.self)
            if (try? GateSettings(text: text)) != nil { values += 1 }
        }
        // Values appear only when the four keys that must be there are complete.
        #expect(0 < values && values < bytes.count / 2)
    }

    @Test("a file that is too large is refused as a whole")
    func oversize() {
        let text = Self.least + "\n" + String(repeating: "#\n", count: SettingsLimits.fileBytes / 2)
        #expect(throws: SettingsError.self) { try GateSettings(text: text) }
    }
}
