// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a county of a given size with rows as town halls write them.

import AccessPolicy
import Cedar

/// Municipalities with two pools each, rows of all kinds, and four guardrails.
struct SampleCounty {
    let policy: AccessPolicySet

    init(municipalities: Int, rows: Int) throws {
        let input = Self.input(municipalities: municipalities, rows: rows)
        policy = try AccessPolicySet(input, digest: Self.digest)
    }

    /// FNV-1a.
    static func digest(_ bytes: [UInt8]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return String(hash, radix: 16)
    }

    static func input(municipalities: Int, rows: Int) -> PolicyInput {
        PolicyInput(
            municipalities: (0..<municipalities).map { municipality($0, rows: rows) },
            zones: [
                PolicyZone(name: "verwaltungsnetz", networks: ["10.0.0.0/8"].compactMap(CedarIPAddress.init))
            ],
            guardrails: [GuardrailFile(file: "county.cedar", text: guardrails)]
        )
    }

    private static func municipality(_ number: Int, rows: Int) -> PolicyMunicipality {
        let name = "m\(number)"
        let hours = PolicyHours(days: [1, 2, 3, 4, 5], from: 360, until: 1200)
        return PolicyMunicipality(
            name: name,
            title: name,
            groups: ["gemeinde-\(name)"],
            pools: ["buero", "bauhof"].map { pool in
                PolicyPool(
                    name: pool,
                    title: pool,
                    groups: ["gemeinde-\(name)"],
                    idleSeconds: 1800,
                    sensitive: pool == "bauhof",
                    desktops: (0..<18).map { "\(name)/\(pool)/\(pool)-\($0)" }
                )
            },
            rows: (0..<rows).map { row in
                AccessRow(
                    name: "row-\(row)",
                    groups: row == 0 ? ["gemeinde-\(name)"] : ["\(name)-group-\(row)"],
                    pools: row % 3 == 0 ? [] : [row % 2 == 0 ? "buero" : "bauhof"],
                    hours: hours.map { [$0] } ?? [],
                    holidays: row % 4 == 0 ? .closed : .open,
                    zones: row % 5 == 4 ? ["verwaltungsnetz"] : [],
                    factor: row % 2 == 0 ? .any : nil,
                    factorSeconds: row % 2 == 0 ? 43_200 : nil,
                    may: [.clipboardIn, .print],
                    idleSeconds: 600
                )
            }
        )
    }

    private static let guardrails = """
        @id("no-exfil") forbid (principal, action in [Gw::Action::"clipboardOut", Gw::Action::"driveOut"], resource is Gw::Desktop)
        when { resource.sensitive };
        @id("mfa-outside") @stepup("totp,webauthn") forbid (principal, action in Gw::Action::"session", resource)
        unless { context.zone in Gw::Zone::"verwaltungsnetz"
                 || (context.mfa != Gw::Mfa::"none" && context.mfaAge <= duration("12h")) };
        @id("blocked") forbid (principal, action, resource) when { context.ip.isInRange(ip("198.51.100.0/24")) };
        @id("county-it") permit (principal in Gw::Group::"kreis-it", action in Gw::Action::"session", resource);
        """

    /// Members and strangers, by day and by night.
    var questions: [PolicyQuestion] {
        // 2026-11-26, a Thursday, 10:00 and 22:00.
        let times: [Int64] = [1_795_683_600_000, 1_795_726_800_000]
        return policy.input.municipalities.prefix(10).flatMap { municipality in
            times.flatMap { time in
                [municipality.name, "m1"].map { home in
                    let groups = ["gemeinde-\(home)", "\(home)-group-2", "users", "staff", "domain-users"]
                    return PolicyQuestion(
                        policy.person("u-\(home)", groups: groups),
                        .connect,
                        .desktop("\(municipality.name)/buero/buero-3"),
                        PolicyCircumstances(
                            time: time,
                            address: CedarIPAddress(isV6: false, high: 0, low: 0xc000_0207, prefix: 32),
                            factor: .totp,
                            factorAge: 600
                        )
                    )
                }
            }
        }
    }
}
