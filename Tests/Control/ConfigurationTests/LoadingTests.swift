// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the loader makes of right files.

import AccessPolicy
import Cedar
import DaemonSettings
import Testing

@testable import CountyConfiguration

struct LoadingTests {
    @Test("every key of torhaus.yaml arrives")
    func everyCountyKey() throws {
        let loaded = try Example.load()
        #expect(loaded.county == "Landkreis Beispiel")
        #expect(loaded.publicNames == ["gate.example", "tor.example"])
        #expect(loaded.publicPort == 8443)
        #expect(loaded.listen.map(\.description) == ["[::]:443", "0.0.0.0:8443"])
        #expect(
            loaded.tls
                == Configuration.TLS(
                    profile: .modern,
                    certificates: [
                        .init(chain: "/etc/torhaus/tls/gate.pem", key: "/etc/torhaus/tls/gate.key")
                    ],
                    unknownName: .default,
                    clientAuthority: "/etc/torhaus/tls/ca.pem"
                )
        )
        #expect(
            loaded.rdpSigning == .init(chain: "/etc/torhaus/tls/rdp.pem", key: "/etc/torhaus/tls/rdp.key")
        )
        #expect(
            loaded.sessions
                == Configuration.Sessions(
                    ticketMinutes: 6,
                    bindNetwork: .strict,
                    reconnectGrace: .seconds(90),
                    idle: .seconds(1200),
                    longest: .seconds(32_400),
                    reauthenticate: .seconds(14_400),
                    consentText: "Nur für Beschäftigte.\nZugriffe werden aufgezeichnet.\n"
                )
        )
        #expect(
            loaded.signIn
                == Configuration.SignIn(
                    webIdle: .seconds(1860),
                    webLongest: .seconds(39_600),
                    failureFloor: .seconds(2),
                    deadline: .seconds(180),
                    pamService: "torhaus-test",
                    pamDirectory: "/etc/torhaus/pam.d",
                    workers: 5,
                    conversations: 65
                )
        )
        #expect(
            loaded.paths
                == Configuration.Paths(
                    state: "/srv/torhaus",
                    run: "/run/th",
                    novnc: "/etc/torhaus/novnc",
                    municipalities: "/etc/torhaus/municipalities"
                )
        )
        let users = Configuration.Users(
            gate: "gate1",
            control: "control1",
            auth: "auth1",
            audit: "log1",
            operators: ["anna"]
        )
        #expect(loaded.users == users)
        #expect(
            loaded.audit
                == Configuration.Audit(
                    origin: "audit.landkreis.example/tor1",
                    socket: "/run/th/log.sock",
                    logs: "/srv/log",
                    state: "/etc/torhaus/log-state",
                    names: "/srv/names",
                    holders: "/etc/torhaus/holders.json",
                    checkpointMilliseconds: 250,
                    heartbeat: .seconds(60),
                    minimumFreeMebibytes: 100,
                    retention: AuditRetentionDays(
                        access: 60,
                        security: 90,
                        operation: 200,
                        accountability: 730
                    ),
                    witnessPolicy: "/etc/torhaus/witnesses",
                    forward: Configuration.Audit.Forward(
                        receiver: .init(host: "siem.example", port: 6514),
                        name: "siem.example",
                        authorities: "/etc/torhaus/siem/ca.pem",
                        certificate: .init(
                            chain: "/etc/torhaus/siem/client.pem",
                            key: "/etc/torhaus/siem/client.key"
                        ),
                        enterprise: 61_234
                    ),
                    mirrorsToJournal: true
                )
        )
        #expect(loaded.warnings.isEmpty)
    }

    @Test("every key of a municipality's file arrives")
    func everyMunicipalityKey() throws {
        let municipality = try #require(Example.load().municipalities.first)
        #expect(municipality.name == "rhoenblick")
        #expect(municipality.title == "Rhönblick")
        #expect(municipality.groups == ["gemeinde-rhoenblick"])
        #expect(!municipality.auditRequired)
        let first = try #require(municipality.pools.first)
        #expect(first.title == "Bürgerbüro")
        #expect(first.groups == ["rhoenblick buergerbuero"])
        #expect(first.hours.map(\.description) == ["Mo-Fr 06:00-20:00"])
        #expect(first.redirections == [.clipboard, .printer])
        #expect(first.idle == .seconds(600))
        #expect(first.longest == .seconds(28_800))
        #expect(
            first.desktops == [
                Configuration.Desktop(
                    id: "rhoenblick/buergerbuero/rb-01",
                    name: "rb-01",
                    title: "Arbeitsplatz 1",
                    dns: "rb-01.desktops.example",
                    rdp: .init(host: "10.20.1.11", port: 3389),
                    vnc: .init(host: "2001:db8::11", port: 5900),
                    account: "rb01"
                ),
                Configuration.Desktop(
                    id: "rhoenblick/buergerbuero/rb-02",
                    name: "rb-02",
                    title: "rb-02",
                    dns: "rb-02",
                    rdp: .init(host: "rb-02.inner", port: 3389),
                    vnc: nil
                ),
            ]
        )
    }

    @Test("a pool without groups and limits has those of the municipality and the county")
    func inheritance() throws {
        let pool = try #require(Example.load().municipalities.first?.pools.last)
        #expect(pool.title == "bauhof")
        #expect(pool.groups == ["gemeinde-rhoenblick"])
        #expect(pool.hours.map(\.description) == ["Sa 08:00-12:00", "Fr 22:00-06:00"])
        #expect(pool.redirections.isEmpty)
        #expect(pool.idle == .seconds(1200))
        #expect(pool.longest == .seconds(32_400))
    }

    @Test("a file with only the keys that must be there has the documented defaults")
    func defaults() throws {
        let loaded = try Example.load(
            county: "county: X\npublic_names: [a.example]\ntls: {certificates: [{chain: /c, key: /k}]}",
            municipality: Example.municipality.replacing("verwaltungsnetz, ", with: "")
        )
        #expect(
            loaded
                == Configuration(
                    county: "X",
                    publicNames: ["a.example"],
                    tls: .init(certificates: [.init(chain: "/c", key: "/k")]),
                    policy: .init(
                        origin: PolicyOrigin(file: Example.countyPath, position: .start),
                        version: loaded.policy.version
                    ),
                    municipalities: loaded.municipalities,
                    warnings: loaded.warnings
                )
        )
        #expect(loaded.warnings.map(\.key) == ["rdp_signing"])
    }

    @Test("the daemons' settings carry what the file says and read back")
    func daemonSettings() throws {
        let loaded = try Example.load()
        let gate = loaded.gateSettings()
        #expect(try GateSettings(text: gate.rendered) == gate)
        #expect(
            gate
                == GateSettings(
                    listen: ["[::]:443", "0.0.0.0:8443"],
                    profile: "modern",
                    certificates: [
                        .init(chain: "/etc/torhaus/tls/gate.pem", key: "/etc/torhaus/tls/gate.key")
                    ],
                    refuseUnknownName: false,
                    clientAuthority: "/etc/torhaus/tls/ca.pem",
                    publicNames: ["gate.example", "tor.example"],
                    publicPort: 8443,
                    portalUpstream: "unix:/run/th/portal.sock",
                    gateLink: "/run/th/gate-link.sock",
                    allowedControlUser: "control1",
                    basic: true,
                    relayThreads: 3,
                    handshakeThreads: 2,
                    maxConnections: 9000,
                    halfOpenPerAddress: 51,
                    keepaliveSeconds: 31,
                    requestHeadSeconds: 11,
                    tunnelSeconds: 61,
                    connectSeconds: 12,
                    handshakeSeconds: 13
                )
        )
        let audit = loaded.auditSettings()
        #expect(try AuditSettings(text: audit.rendered) == audit)
        #expect(audit.allowedUsers == ["control1"])
        #expect(audit.names == .init(directory: "/srv/names", holders: "/etc/torhaus/holders.json"))
        #expect(audit.forwarding?.receiver == "tcp:siem.example:6514")
        #expect(audit.forwarding?.enterprise == 61_234 && audit.mirrorsToJournal)
        #expect(audit.retention == loaded.audit.retention)
        let auth = loaded.authSettings()
        #expect(try AuthSettings(text: auth.rendered) == auth)
        #expect(
            auth
                == AuthSettings(
                    socket: "/run/th/auth.sock",
                    allowedUsers: ["control1"],
                    service: "torhaus-test",
                    confdir: "/etc/torhaus/pam.d",
                    poolSize: 5,
                    maxConversations: 65,
                    deadlineSeconds: 180,
                    failureFloorMilliseconds: 2000
                )
        )
    }

    @Test("records that go before the monthly report is made are warned of")
    func shortRetention() throws {
        let county = Example.county.replacing("    access: 60d", with: "    access: 30d")
        let warning = try #require(Example.load(county: county).warnings.first)
        #expect(warning.key == "audit.retention.access" && warning.line == 88)
    }

    @Test("a file that everybody may write is warned of")
    func writable() throws {
        var files = Example.files
        files.writable = [Example.municipalityPath]
        let loaded = try ConfigurationLoader(files: files, certificates: .none).load(Example.countyPath)
        #expect(loaded.warnings.map(\.file) == [Example.municipalityPath])
    }

    @Test("files of other endings are not read, and .yml is warned of")
    func endings() throws {
        var files = Example.files
        for name in ["b.yml", ".hidden.yaml", "rhoenblick.yaml~", "README"] {
            files.files["/etc/torhaus/municipalities/\(name)"] = Array("nonsense: [".utf8)
        }
        let loaded = try ConfigurationLoader(files: files, certificates: .none).load(Example.countyPath)
        #expect(loaded.municipalities.count == 1)
        #expect(loaded.warnings.map(\.key) == ["b.yml"])
    }
}
