// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a small county to ask questions about.

import Cedar

@testable import AccessPolicy

/// Two municipalities, three pools, two zones, and the guardrails a test wants.
enum County {
    static let office = PolicyHours(days: [1, 2, 3, 4, 5], from: 360, until: 1200)

    static func rhoenblick(rows: [AccessRow] = []) -> PolicyMunicipality {
        PolicyMunicipality(
            name: "rhoenblick",
            title: "Rhönblick",
            groups: ["gemeinde-rhoenblick"],
            pools: [
                PolicyPool(
                    name: "buero",
                    title: "Büro",
                    groups: ["gemeinde-rhoenblick"],
                    hours: office.map { [$0] } ?? [],
                    redirections: [.clipboardIn, .clipboardOut, .print],
                    idleSeconds: 1800,
                    longestSeconds: 36_000,
                    desktops: ["rhoenblick/buero/rb-01", "rhoenblick/buero/rb-02"]
                ),
                PolicyPool(
                    name: "standesamt",
                    title: "Standesamt",
                    groups: ["standesamt"],
                    redirections: [.clipboardIn, .clipboardOut, .driveIn, .driveOut, .print],
                    idleSeconds: 600,
                    sensitive: true,
                    desktops: ["rhoenblick/standesamt/st-01"]
                ),
            ],
            rows: rows,
            roles: [.dataProtection: ["dsb-rhoenblick"]]
        )
    }

    static func schmalkalden(rows: [AccessRow] = []) -> PolicyMunicipality {
        PolicyMunicipality(
            name: "schmalkalden",
            title: "Schmalkalden",
            groups: ["stadt-schmalkalden"],
            pools: [
                PolicyPool(
                    name: "buero",
                    title: "Büro",
                    groups: ["stadt-schmalkalden"],
                    desktops: ["schmalkalden/buero/sk-01"]
                )
            ],
            rows: rows
        )
    }

    static let zones = [
        PolicyZone(
            name: "verwaltungsnetz",
            networks: ["10.0.0.0/8", "2001:db8::/32"].compactMap(CedarIPAddress.init)
        ),
        PolicyZone(
            name: "rathaus-rhoenblick",
            networks: ["10.20.0.0/16"].compactMap(CedarIPAddress.init),
            parent: "verwaltungsnetz"
        ),
    ]

    static func input(
        rhoenblick rows: [AccessRow] = [],
        schmalkalden others: [AccessRow] = [],
        guardrails: String = ""
    ) -> PolicyInput {
        PolicyInput(
            municipalities: [rhoenblick(rows: rows), schmalkalden(rows: others)],
            zones: zones,
            roles: [.auditor: ["revision"], .operator: ["kreis-it"], .keyHolder: ["personalrat"]],
            externalGroups: ["dienstleister"],
            guardrails: guardrails.isEmpty
                ? [] : [GuardrailFile(file: "policies/county.cedar", text: guardrails)]
        )
    }

    static func policy(
        rhoenblick rows: [AccessRow] = [],
        schmalkalden others: [AccessRow] = [],
        guardrails: String = ""
    ) throws(PolicyError) -> AccessPolicySet {
        try AccessPolicySet(
            input(rhoenblick: rows, schmalkalden: others, guardrails: guardrails),
            digest: fingerprint
        )
    }

    /// FNV-1a; tests need no cryptography.
    static func fingerprint(_ bytes: [UInt8]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return String(hash, radix: 16)
    }

    /// Milliseconds since 1970 of a text such as `2026-11-26T10:00:00+0100`.
    static func time(_ text: String) -> Int64 { CedarDatetime(text)?.milliseconds ?? .min }

    static func address(_ text: String) -> CedarIPAddress {
        CedarIPAddress(text) ?? CedarIPAddress(isV6: true, high: 0, low: 0, prefix: 128)
    }

    /// A Thursday at ten, from home, with password and code.
    static func circumstances(
        _ time: String = "2026-11-26T10:00:00+0100",
        from address: String = "198.51.100.7",
        factor: PolicyFactor = .totp,
        age: Int64 = 60,
        client: PolicyClientKind = .native,
        trust: PolicyTrust = .unknown
    ) -> PolicyCircumstances {
        PolicyCircumstances(
            time: Self.time(time),
            address: Self.address(address),
            factor: factor,
            factorAge: age,
            client: client,
            trust: trust
        )
    }
}

extension AccessPolicySet {
    /// Asks for a person with these groups.
    func ask(
        _ groups: [String],
        _ action: PolicyAction = .connect,
        _ target: PolicyTarget = .desktop("rhoenblick/buero/rb-01"),
        _ circumstances: PolicyCircumstances = County.circumstances()
    ) -> PolicyDecision {
        decide(PolicyQuestion(person("anna", groups: groups), action, target, circumstances))
    }
}
