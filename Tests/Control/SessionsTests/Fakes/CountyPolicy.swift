// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the rules of the small county, for the tests of the service.

import AccessPolicy
import Cedar
import Testing

@testable import Sessions

extension PolicyAccessDecider {
    /// A decider for rules of a test; a mistake in them fails the test and leaves nobody any right.
    static func of(_ input: PolicyInput, _ rules: SessionRules) -> PolicyAccessDecider {
        do {
            return PolicyAccessDecider(try set(input), rules)
        } catch {
            Issue.record("the rules of the test are wrong: \(error)")
            guard let nothing = try? set(PolicyInput(municipalities: [])) else {
                preconditionFailure("not even the built-in rules are right")
            }
            return PolicyAccessDecider(nothing, rules)
        }
    }

    /// A digest that tells the sets of these tests apart.
    private static func set(_ input: PolicyInput) throws -> AccessPolicySet {
        try AccessPolicySet(input) { bytes in
            String(
                bytes.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
            )
        }
    }
}

extension County {
    /// The same pools as `directory`, by groups and hours alone.
    static let policy = PolicyInput(
        municipalities: [
            PolicyMunicipality(
                name: "talheim",
                title: "Talheim",
                groups: ["gemeinde-talheim"],
                pools: [pool("talheim", "amt", ["gemeinde-talheim", "rb-buero"], ["th-01"])]
            ),
            PolicyMunicipality(
                name: "rhoenblick",
                title: "Rhönblick",
                groups: ["gemeinde-rhoenblick"],
                pools: [
                    pool("rhoenblick", "buero", ["rb-buero"], ["rb-10", "rb-02"]),
                    pool("rhoenblick", "kasse", ["rb-kasse"], ["rk-01"]),
                    pool(
                        "rhoenblick",
                        "abend",
                        ["rb-buero"],
                        ["ra-01"],
                        hours: PolicyHours(days: [1, 2], from: 18 * 60, until: 22 * 60)
                    ),
                ]
            ),
        ]
    )

    /// The county with rows of `access:` in Rhönblick, zones and guardrails.
    static func policy(
        rows: [AccessRow] = [],
        guardrails: String = "",
        sensitive: Set<String> = []
    ) -> PolicyInput {
        var input = policy
        input.zones = [
            PolicyZone(
                name: "rathaus",
                networks: ["192.0.2.0/25", "2001:db8:1::/48"].compactMap { .init($0) }
            )
        ]
        input.municipalities[1].rows = rows
        for place in input.municipalities[1].pools.indices {
            let name = input.municipalities[1].pools[place].name
            input.municipalities[1].pools[place].sensitive = sensitive.contains(name)
        }
        if !guardrails.isEmpty {
            input.guardrails = [GuardrailFile(file: "policies/county.cedar", text: guardrails)]
        }
        return input
    }

    private static func pool(
        _ municipality: String,
        _ name: String,
        _ groups: [String],
        _ desktops: [String],
        hours: PolicyHours? = nil
    ) -> PolicyPool {
        PolicyPool(
            name: name,
            title: name,
            groups: groups,
            hours: hours.map { [$0] } ?? [],
            redirections: [.clipboardIn, .clipboardOut],
            idleSeconds: 1800,
            longestSeconds: 36_000,
            desktops: desktops.map { "\(municipality)/\(name)/\($0)" }
        )
    }

    /// A machine at 192.0.2.7, in the zone `rathaus`.
    static func machine(
        _ address: [UInt8] = [192, 0, 2, 7],
        way: OpeningKind = .client,
        device: ManagedDevice? = nil
    ) -> AccessClient {
        let mapped = [UInt8](repeating: 0, count: 10) + [255, 255] + address
        return AccessClient(address: mapped, way: way, device: device)
    }
}
