// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of `access`, `zones`, `roles` and the files of guardrails.

import AccessPolicy
import Cedar
import Testing

@testable import CountyConfiguration

struct AccessRowTests {
    /// The example's second pool with other rows.
    private static func load(
        rows: String,
        files more: [String: String] = [:]
    ) throws(ConfigurationError) -> Configuration {
        let pools = Example.municipality
        let head = pools.split(separator: "access:", maxSplits: 1).first.map { String($0) } ?? ""
        var files = [Example.countyPath: Example.county, Example.municipalityPath: head + rows]
        files.merge(more) { _, new in new }
        return try ConfigurationLoader(files: MemoryFiles(files), certificates: .none).load("torhaus.yaml")
    }

    @Test("every key of a row arrives, with its place")
    func everyKey() throws {
        let row = try #require(try Example.load().municipalities.first?.access.first)
        let hours = try #require(PolicyHours(days: [1, 2, 3, 4], from: 420, until: 1140))
        #expect(
            row
                == AccessRow(
                    name: "homeoffice",
                    groups: ["rhoenblick-homeoffice"],
                    pools: ["bauhof"],
                    hours: [hours],
                    holidays: .closed,
                    zones: ["verwaltungsnetz", "internet"],
                    factor: .oneOf([.webauthn, .smartcard]),
                    factorSeconds: 28_800,
                    managedDevice: true,
                    clients: [.native],
                    may: [.clipboardIn, .print],
                    idleSeconds: 300,
                    longestSeconds: 14_400,
                    record: true,
                    origin: row.origin
                )
        )
        #expect(row.origin.description.hasPrefix("\(Example.municipalityPath):"))
    }

    @Test("a row with nothing but pools is for the municipality's people, at any time, and lets nothing pass")
    func bare() throws {
        let row = try #require(
            try Self.load(rows: "access:\n  - pools: bauhof\n").municipalities.first?.access.first
        )
        #expect(
            row
                == AccessRow(
                    name: "row-1",
                    groups: ["gemeinde-rhoenblick"],
                    pools: ["bauhof"],
                    origin: row.origin
                )
        )
    }

    @Test("zones, roles and external groups arrive")
    func county() throws {
        let policy = try Example.load().policy
        #expect(policy.zones.map(\.name) == ["verwaltungsnetz", "rathaus"])
        #expect(policy.zones.map(\.parent) == [nil, "verwaltungsnetz"])
        #expect(
            policy.zones.first?.networks == ["10.0.0.0/8", "2001:db8::/32"].compactMap(CedarIPAddress.init)
        )
        #expect(
            policy.roles == [
                .auditor: ["revision"], .dataProtection: ["datenschutz"], .operator: ["kreis-it"],
            ]
        )
        #expect(policy.externalGroups == ["dienstleister"])
        #expect(try Example.load().municipalities.first?.roles == [.dataProtection: ["dsb-rhoenblick"]])
    }

    @Test("files of guardrails are read in the order of their names, others are not")
    func guardrails() throws {
        let forbid = "(principal, action, resource in Gw::Municipality::\"rhoenblick\");"
        let loaded = try Self.load(
            rows: "",
            files: [
                "/etc/torhaus/policies/b.cedar": "@id(\"b\") forbid \(forbid)",
                "/etc/torhaus/policies/a.cedar": "@id(\"a\") forbid \(forbid)",
                "/etc/torhaus/policies/notes.txt": "forbid",
                "/etc/torhaus/policies/.c.cedar": "forbid",
            ]
        )
        #expect(loaded.policy.guardrails.map(\.file).map { $0.suffix(7) } == ["a.cedar", "b.cedar"])
        let names = try loaded.policySet().rules.map(\.name.name)
        #expect(names.suffix(2) == ["policies/a", "policies/b"])
        #expect(try loaded.policySet().version == loaded.policy.version)
    }

    struct Case: CustomTestStringConvertible {
        let rows: String
        var guardrails = ""
        /// The key, or the rule's name.
        let key: String
        let message: String

        var testDescription: String { "\(key): \(message)" }
    }

    @Test(
        "a mistake in the rules stops the load and is named with file and line",
        arguments: [
            Case(rows: "access:\n  - pool: bauhof\n", key: "access[0].pool", message: "unknown key"),
            Case(
                rows: "access:\n  - pools: bauhoff\n",
                key: "rhoenblick/access/row-1",
                message: "there is no pool \"bauhoff\" in rhoenblick"
            ),
            Case(
                rows: "access:\n  - from: daheim\n",
                key: "rhoenblick/access/row-1",
                message: "there is no zone \"daheim\""
            ),
            Case(
                rows: "access:\n  - hours: 7-19\n",
                key: "access[0].hours",
                message: "\"7\" is not a time of day"
            ),
            Case(rows: "access:\n  - hours: []\n", key: "access[0].hours", message: "the list is empty"),
            Case(
                rows: "access:\n  - days: Mo-Fr\n    hours: Mo-Fr 07:00-19:00\n",
                key: "access[0].hours",
                message: "the days stand in days already"
            ),
            Case(rows: "access:\n  - may: [clipbord]\n", key: "access[0].may[0]", message: "expected one of"),
            Case(rows: "access:\n  - who: []\n", key: "access[0].who", message: "the list is empty"),
            Case(rows: "access:\n  - pools: []\n", key: "access[0].pools", message: "the list is empty"),
            Case(rows: "access:\n  - from: []\n", key: "access[0].from", message: "the list is empty"),
            Case(rows: "access:\n  - factor: sms\n", key: "access[0].factor", message: "expected one of"),
            Case(
                rows: "access:\n  - factor: [any, totp]\n",
                key: "access[0].factor",
                message: "any stands alone"
            ),
            Case(
                rows: "access:\n  - longest: 10h\n",
                key: "access[0].longest",
                message: "a row may only lower the county's limit of 9h"
            ),
            Case(
                rows: "access:\n  - name: a\n  - name: a\n",
                key: "access[1].name",
                message: "another row of this file has this name"
            ),
            Case(
                rows: "",
                guardrails: "@id(\"a\") forbid (principal, action, resource) when { context.minute < 3 };",
                key: "policies/a",
                message: "minute"
            ),
            Case(
                rows: "",
                guardrails: "@id(\"a\") @idle(\"5m\") permit (principal, action, resource);",
                key: "policies/a",
                message: "unknown annotation @idle"
            ),
            Case(rows: "", guardrails: "forbid (principal, action", key: "", message: ""),
        ]
    )
    func mistakes(_ one: Case) throws {
        let files = one.guardrails.isEmpty ? [:] : ["/etc/torhaus/policies/a.cedar": one.guardrails]
        let error = try #require(throws: ConfigurationError.self) {
            try Self.load(rows: one.rows, files: files)
        }
        let found = error.problems.contains { problem in
            problem.key == one.key && problem.message.contains(one.message) && problem.line != nil
                && problem.file
                    == (one.guardrails.isEmpty
                        ? Example.municipalityPath : "/etc/torhaus/policies/a.cedar")
        }
        #expect(found, "\(error)")
    }

    @Test("guardrails that vanish are an error where the directory is named, else a warning")
    func missingDirectory() throws {
        var files = MemoryFiles([
            Example.countyPath: Example.county, Example.municipalityPath: Example.municipality,
        ])
        files.directories = []
        let error = try #require(throws: ConfigurationError.self) {
            try ConfigurationLoader(files: files, certificates: .none).load("torhaus.yaml")
        }
        #expect(error.problems.map(\.key) == ["paths.policies"])
        files.files[Example.countyPath] = Array(
            Example.county.replacing("  policies: policies\n", with: "").utf8
        )
        let loaded = try ConfigurationLoader(files: files, certificates: .none).load("torhaus.yaml")
        #expect(loaded.warnings.map(\.file) == ["/etc/torhaus/policies"])
    }

    @Test("a word for the client is allowed when both halves are")
    func halves() {
        #expect(Configuration.Redirection.allowed(by: [.clipboardIn]).isEmpty)
        #expect(Configuration.Redirection.allowed(by: [.clipboardIn, .clipboardOut]) == [.clipboard])
        #expect(Configuration.Redirection.allowed(by: Set(PolicyRedirection.allCases)).count == 8)
    }
}
