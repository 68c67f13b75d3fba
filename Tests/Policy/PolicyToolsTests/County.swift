// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a small county for the tests of the policy tools.

import AccessPolicy
import Cedar

@testable import PolicyTools

/// Two municipalities, three zones and three guardrails.
enum County {
    /// 2026-11-25 12:00 in Berlin, a Wednesday.
    static let wednesday: Int64 = 1_795_604_400_000
    static let hour: Int64 = 3_600_000

    static let guardrails = """
        @id("no-exfil") @doc("data of sensitive pools stays inside")
        forbid (principal, action in [Gw::Action::"clipboardOut", Gw::Action::"driveOut"], resource)
        when { resource.sensitive };
        @id("factor-outside")
        forbid (principal, action in Gw::Action::"session", resource)
        unless { context.zone in Gw::Zone::"amt" || context.mfa != Gw::Mfa::"none" };
        @id("blocked")
        forbid (principal, action, resource) when { context.ip.isInRange(ip("198.51.100.0/24")) };
        """

    /// Rows and pools can be exchanged, to compare two states.
    static func input(
        rows: [AccessRow] = [office, home],
        guardrails: String = guardrails,
        longest: UInt32 = 36_000,
        groups: [String] = ["schmalkalden"]
    ) -> PolicyInput {
        PolicyInput(
            municipalities: [
                PolicyMunicipality(
                    name: "rhoenblick",
                    title: "Rhönblick",
                    groups: ["rhoenblick"],
                    pools: [
                        PolicyPool(
                            name: "buero",
                            title: "Büro",
                            groups: ["rhoenblick"],
                            longestSeconds: longest,
                            desktops: ["rhoenblick/buero/d1", "rhoenblick/buero/d2"]
                        ),
                        PolicyPool(
                            name: "standesamt",
                            title: "Standesamt",
                            groups: ["standesamt"],
                            redirections: [.clipboardIn, .clipboardOut],
                            sensitive: true,
                            desktops: ["rhoenblick/standesamt/s1"]
                        ),
                    ],
                    rows: rows,
                    origin: PolicyOrigin(file: "rhoenblick.yaml")
                ),
                PolicyMunicipality(
                    name: "schmalkalden",
                    title: "Schmalkalden",
                    groups: groups,
                    pools: [
                        PolicyPool(
                            name: "buero",
                            title: "Büro",
                            groups: ["schmalkalden"],
                            desktops: ["schmalkalden/buero/d1"]
                        )
                    ],
                    origin: PolicyOrigin(file: "schmalkalden.yaml")
                ),
            ],
            zones: [
                PolicyZone(name: "amt", networks: [range("10.1.0.0/16")]),
                PolicyZone(name: "rathaus", networks: [range("10.1.2.0/24")], parent: "amt"),
            ],
            roles: [.auditor: ["revision"]],
            guardrails: [GuardrailFile(file: "policies/county.cedar", text: guardrails)]
        )
    }

    /// Monday to Friday 06:00 to 20:00, not on holidays.
    static let office = AccessRow(
        name: "tagsueber",
        groups: ["rhoenblick"],
        pools: ["buero"],
        hours: hours(1...5, 6 * 60, 20 * 60),
        holidays: .closed,
        may: [.clipboardIn],
        idleSeconds: 900,
        origin: PolicyOrigin(file: "rhoenblick.yaml", position: SourcePosition(line: 12, column: 5))
    )

    /// At any hour with a fresh security key from a managed machine.
    static let home = AccessRow(
        name: "homeoffice",
        groups: ["homeoffice"],
        pools: ["buero"],
        factor: .oneOf([.webauthn]),
        factorSeconds: 3_600,
        managedDevice: true,
        may: [.clipboardIn, .print],
        origin: PolicyOrigin(file: "rhoenblick.yaml", position: SourcePosition(line: 20, column: 5))
    )

    static func hours(_ days: ClosedRange<Int>, _ from: Int, _ until: Int) -> [PolicyHours] {
        PolicyHours(days: Set(days), from: from, until: until).map { [$0] } ?? []
    }

    static func set(_ input: PolicyInput = input()) throws -> AccessPolicySet {
        try AccessPolicySet(input) { bytes in "v\(bytes.count)" }
    }

    static func range(_ text: String) -> CedarIPAddress {
        CedarIPAddress(text) ?? CedarIPAddress(isV6: false, high: 0, low: 0, prefix: 32)
    }

    /// On the Wednesday, at this hour of the day, from this address.
    static func at(
        _ hour: Int64 = 12,
        from address: String = "10.1.7.7",
        factor: PolicyFactor = .totp,
        age: Int64 = 60,
        trust: PolicyTrust = .unknown
    ) -> PolicyCircumstances {
        PolicyCircumstances(
            time: wednesday + (hour - 12) * Self.hour,
            address: range(address),
            factor: factor,
            factorAge: age,
            trust: trust
        )
    }

    static func question(
        _ set: AccessPolicySet,
        _ groups: [String],
        _ desktop: String = "rhoenblick/buero/d1",
        _ circumstances: PolicyCircumstances = at()
    ) -> PolicyQuestion {
        PolicyQuestion(set.person("mia", groups: groups), .connect, .desktop(desktop), circumstances)
    }
}

/// The policies of a text, for tests of conditions alone.
func policies(_ text: String) throws -> [CedarPolicy] { try CedarPolicySet(parsing: text).policies }
