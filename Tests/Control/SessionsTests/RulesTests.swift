// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what a configuration means beside its rules of access.

import AccessPolicy
import CountyConfiguration
import DaemonMessages
import Testing

@testable import Sessions

@Suite struct RulesTests {
    static let configuration = Configuration(
        county: "Landkreis Beispiel",
        publicNames: ["gate.example"],
        tls: Configuration.TLS(certificates: []),
        sessions: Configuration.Sessions(
            ticketMinutes: 7,
            bindNetwork: .strict,
            reconnectGrace: .seconds(90),
            reauthenticate: .seconds(3600),
            consentText: "Nur dienstlich."
        ),
        signIn: Configuration.SignIn(webIdle: .seconds(600), webLongest: .seconds(7200)),
        gate: Configuration.Gate(basic: true),
        municipalities: [
            Configuration.Municipality(
                name: "rhoenblick",
                title: "Rhönblick",
                groups: ["gemeinde-rhoenblick"],
                pools: [
                    Configuration.Pool(
                        name: "buero",
                        title: "Büro",
                        groups: ["rb-buero"],
                        hours: [HoursRule(days: [.monday, .tuesday], from: 360, until: 1200)].compactMap {
                            $0
                        },
                        redirections: [.clipboard, .printer],
                        idle: .seconds(900),
                        longest: nil,
                        desktops: [
                            Configuration.Desktop(
                                id: "rhoenblick/buero/rb-01",
                                name: "rb-01",
                                title: "Arbeitsplatz 1",
                                dns: "rb-01.desktops.example",
                                rdp: Configuration.Endpoint(host: "10.20.1.11", port: 3390),
                                vnc: nil,
                                account: "rb"
                            )
                        ]
                    )
                ]
            )
        ]
    )

    @Test("takes everything that decides from the configuration")
    func fromConfiguration() throws {
        let rules = SessionRules(Self.configuration, version: "v9")
        #expect(rules.version == "v9")
        #expect(rules.ticketMilliseconds == 420_000)
        #expect(rules.binding == .strict)
        #expect(rules.graceMilliseconds == 90_000)
        #expect(rules.reauthenticateSeconds == 3600)
        #expect(rules.consentText == "Nur dienstlich.")
        #expect(rules.basic)
        #expect(rules.webIdleMilliseconds == 600_000)
        #expect(rules.webLongestMilliseconds == 7_200_000)
        let desktop = try #require(rules.directory.desktop("rhoenblick/buero/rb-01"))
        #expect(desktop.ways == [.client])
        #expect(desktop.accountHint == "rb")
    }

    struct Meant: CustomTestStringConvertible, Sendable {
        let name: String
        let port: UInt16
        let isMeant: Bool
        var testDescription: String { "\(name):\(port)" }
    }

    @Test(
        "knows which name and port mean a desktop",
        arguments: [
            Meant(name: "rb-10.desktops.example", port: 3389, isMeant: true),
            Meant(name: "RB-10.Desktops.Example.", port: 3389, isMeant: true),
            Meant(name: "rb-10", port: 3390, isMeant: true),
            Meant(name: "rb-10", port: 3391, isMeant: false),
            Meant(name: "rb-10", port: 0, isMeant: false),
            Meant(name: "rb-1", port: 3389, isMeant: false),
            Meant(name: "10.20.1.11", port: 3389, isMeant: false),
            Meant(name: "", port: 3389, isMeant: false),
            Meant(name: ".", port: 3389, isMeant: false),
        ]
    )
    func meant(_ wanted: Meant) throws {
        let desktop = try #require(County.directory.desktop("rhoenblick/buero/rb-10"))
        #expect(desktop.isMeant(by: wanted.name, port: wanted.port) == wanted.isMeant)
    }

    @Test("orders names as German readers do")
    func germanOrder() {
        let names = [
            "Platz 10", "Zella", "Österlein", "platz 2", "Straße", "Oberhof", "Strasse 1", "Platz 02", "Ähre",
        ]
        let sorted = names.sorted { GermanOrder($0) < GermanOrder($1) }
        #expect(
            sorted.filter { !$0.lowercased().hasPrefix("platz") }
                == ["Ähre", "Oberhof", "Österlein", "Straße", "Strasse 1", "Zella"]
        )
        #expect(sorted.firstIndex(of: "platz 2") ?? 9 < sorted.firstIndex(of: "Platz 10") ?? 0)
        #expect(GermanOrder("Platz 02") == GermanOrder("platz 2"))
    }

    struct Flags: CustomTestStringConvertible, Sendable {
        let allowed: Set<Redirection>
        let flags: UInt32
        var testDescription: String { allowed.map(\.rawValue).sorted().joined(separator: "+") }
    }

    @Test(
        "tells clients what not to redirect",
        arguments: [
            Flags(allowed: [], flags: 0x4000_0000),
            Flags(allowed: [.clipboard], flags: 0x17),
            Flags(allowed: [.drive, .printer, .port, .clipboard], flags: 0x10),
            Flags(allowed: [.audio], flags: 0x1F),
        ]
    )
    func redirectionFlags(_ wanted: Flags) {
        #expect(RedirectionFlags.flags(allowed: wanted.allowed) == wanted.flags)
    }

    @Test("swaps rules and decider together, and counts that")
    func holder() {
        let rules = SessionRules(version: "a", directory: County.directory)
        let holder = RulesHolder(rules, decider: PolicyAccessDecider.of(County.policy, rules))
        #expect(holder.current.generation == 0)
        let next = SessionRules(
            version: "b",
            directory: DesktopDirectory(desktops: [], municipalities: [])
        )
        holder.replace(next, decider: PolicyAccessDecider.of(PolicyInput(municipalities: []), next))
        let request = AccessRequest(
            person: County.erika,
            action: .signIn,
            client: County.machine(),
            time: 0
        )
        #expect(holder.current.rules.version == "b")
        #expect(holder.current.generation == 1)
        guard case .refused(let denial) = holder.current.decider.decide(request) else {
            Issue.record("nobody is known any more")
            return
        }
        #expect(denial.reason == "no-municipality")
    }
}
