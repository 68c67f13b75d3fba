// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the tools claim is held against random questions.

import AccessPolicy
import Cedar
import Testing

@testable import PolicyTools

/// xorshift64*: the same numbers for the same seed on every machine.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }
}

@Suite("Claims against random questions")
struct SoundnessTests {
    private static func pick<Value>(_ values: [Value], _ numbers: inout SeededNumbers) throws -> Value {
        try #require(values.randomElement(using: &numbers))
    }

    private static func circumstances(_ numbers: inout SeededNumbers) throws -> PolicyCircumstances {
        let minutes = Int64.random(in: 0..<14 * 1_440, using: &numbers)
        return PolicyCircumstances(
            // Fourteen days around Christmas.
            time: 1_797_980_400_000 + minutes * 60_000,
            address: County.range(
                try pick(["10.1.2.3", "10.1.7.7", "10.2.0.1", "198.51.100.7", "2001:db8::1"], &numbers)
            ),
            factor: try pick(PolicyFactor.allCases, &numbers),
            factorAge: Int64.random(in: 0...8_000, using: &numbers),
            client: try pick(PolicyClientKind.allCases, &numbers),
            trust: try pick(PolicyTrust.allCases, &numbers)
        )
    }

    private static func row(_ name: String, _ numbers: inout SeededNumbers) throws -> AccessRow {
        let from = Int.random(in: 0..<24, using: &numbers) * 60
        let until = Int.random(in: 1...24, using: &numbers) * 60
        let days = Set((1...7).filter { _ in Bool.random(using: &numbers) }).union([3])
        let hours = PolicyHours(days: days, from: from, until: until).map { [$0] } ?? []
        return AccessRow(
            name: name,
            groups: try pick([["rhoenblick"], ["homeoffice"], ["rhoenblick", "homeoffice"]], &numbers),
            pools: try pick([["buero"], ["standesamt"], []], &numbers),
            hours: Bool.random(using: &numbers) ? hours : [],
            holidays: try pick(AccessRow.Holidays.allCases, &numbers),
            zones: try pick([[], ["amt"], ["rathaus"], ["internet"]], &numbers),
            factor: try pick([nil, .any, .oneOf([.webauthn])], &numbers),
            factorSeconds: try pick([nil, 600, 3_600], &numbers),
            managedDevice: Bool.random(using: &numbers),
            clients: try pick([[], [.browser]], &numbers),
            may: try pick([[], [.print], [.clipboardIn]], &numbers),
            idleSeconds: try pick([nil, 300], &numbers)
        )
    }

    @Test("a difference that a random question shows is in the comparison", arguments: 0..<6)
    func differences(seed: Int) throws {
        var numbers = SeededNumbers(seed: seed)
        let rows = [try Self.row("a", &numbers), try Self.row("b", &numbers)]
        var changed = rows
        changed[0] = try Self.row("a", &numbers)
        let old = try County.set(County.input(rows: rows))
        let new = try County.set(County.input(rows: changed))
        let diff = PolicyDiff(old, new, reference: County.wednesday)
        #expect(diff.cut == 0)
        let known = diff.changes.reduce(into: [PersonClass: Set<String>]()) { known, change in
            known[change.person, default: []].insert("\(change.kind) \(change.target)")
        }
        for _ in 0..<300 {
            let groups = try Self.pick(
                [["rhoenblick"], ["homeoffice"], ["homeoffice", "rhoenblick"], []],
                &numbers
            )
            let desktop = try Self.pick(["rhoenblick/buero/d1", "rhoenblick/standesamt/s1"], &numbers)
            let circumstances = try Self.circumstances(&numbers)
            let before = old.decide(County.question(old, groups, desktop, circumstances))
            let after = new.decide(County.question(new, groups, desktop, circumstances))
            for kind in AccessChange.Kind.all(before, after) {
                let told = known[PersonClass(groups: groups)] ?? []
                #expect(
                    told.contains("\(kind) connect \(desktop)"),
                    "\(groups) \(kind) \(desktop) \(circumstances.text(old))"
                )
            }
        }
    }

    private static let conditions = [
        "context.local.minute < 600", "context.local.minute >= 600", "360 <= context.local.minute",
        "context.local.minute < 1200", "[1, 2, 3].contains(context.local.weekday)",
        "context.local.weekday != 3", "context.local.weekday < 6", "context.local.holiday",
        "!context.local.holiday", "context.local.workday", "context.zone in Gw::Zone::\"amt\"",
        "context.zone in Gw::Zone::\"rathaus\"", "!(context.zone in Gw::Zone::\"amt\")",
        "context.mfa != Gw::Mfa::\"none\"", "[Gw::Mfa::\"totp\", Gw::Mfa::\"push\"].contains(context.mfa)",
        "context.mfa == Gw::Mfa::\"totp\"", "context.mfaAge <= duration(\"5m\")",
        "context.mfaAge <= duration(\"1h\")", "context.ip.isInRange(ip(\"10.0.0.0/8\"))",
        "context.ip.isInRange(ip(\"10.1.0.0/16\"))", "!context.ip.isInRange(ip(\"10.1.0.0/16\"))",
        "context.client == Gw::Client::\"browser\"", "context.trust == Gw::Trust::\"managed\"",
        "context.local.minute < 300 || context.local.minute >= 1300",
        "context.local.holiday || context.local.weekday > 5",
    ]

    private static let heads = [
        "principal, action, resource", "principal in Gw::Group::\"homeoffice\", action, resource",
        "principal, action in Gw::Action::\"session\", resource",
        "principal, action == Gw::Action::\"connect\", resource in Gw::Municipality::\"rhoenblick\"",
        "principal, action, resource in Gw::DesktopPool::\"rhoenblick/buero\"",
        "principal in Gw::Municipality::\"rhoenblick\", action, resource is Gw::Desktop",
    ]

    private static func policy(_ numbers: inout SeededNumbers) throws -> CedarPolicy {
        let count = Int.random(in: 0...3, using: &numbers)
        var text = "permit (\(try pick(heads, &numbers)))"
        for _ in 0..<count {
            let word = Bool.random(using: &numbers) ? "when" : "unless"
            text += " \(word) { \(try pick(conditions, &numbers)) }"
        }
        return try #require(try policies(text + ";").first)
    }

    @Test("a policy that another is said to cover is never satisfied without it", arguments: 0..<12)
    func coverage(seed: Int) throws {
        var numbers = SeededNumbers(seed: seed &+ 1_000)
        let set = try County.set()
        let world = PolicyWorld(schema: set.schema, entities: set.entities)
        var all: [CedarPolicy] = []
        for _ in 0..<12 { all.append(try Self.policy(&numbers)) }
        let comparison = PolicyComparison(world)
        let pairs = all.indices.flatMap { one in all.indices.map { (one, $0) } }
            .filter { $0 != $1 && comparison.covers(all[$0], all[$1]) }
        let dead = all.indices.filter { ConditionSet(all[$0], world).isContradictory }
        for _ in 0..<150 {
            let groups = try Self.pick(
                [["rhoenblick"], ["homeoffice"], ["homeoffice", "rhoenblick"]],
                &numbers
            )
            let question = County.question(
                set,
                groups,
                try Self.pick(["rhoenblick/buero/d1", "schmalkalden/buero/d1"], &numbers),
                try Self.circumstances(&numbers)
            )
            let request = try #require(set.request(question))
            let authorizer = CedarAuthorizer(request, set.entities(with: question.person))
            let isSatisfied = all.map { authorizer.verdict(of: $0) == .satisfied }
            for (wide, narrow) in pairs where isSatisfied[narrow] {
                #expect(isSatisfied[wide], "\(all[wide].text) should cover \(all[narrow].text)")
            }
            for place in dead { #expect(!isSatisfied[place], "\(all[place].text) should never match") }
        }
    }

    @Test("taking a policy apart changes none of its answers", arguments: 0..<6)
    func accounts(seed: Int) throws {
        var numbers = SeededNumbers(seed: seed &+ 2_000)
        let set = try County.set()
        for _ in 0..<60 {
            let policy = try Self.policy(&numbers)
            let question = County.question(
                set,
                ["rhoenblick"],
                circumstances: try Self.circumstances(&numbers)
            )
            let request = try #require(set.request(question))
            let entities = set.entities(with: question.person)
            let verdict = CedarAuthorizer(request, entities).verdict(of: policy)
            switch (PolicyAccount(policy, request, entities).outcome, verdict) {
            case (.satisfied, .satisfied), (.outOfScope, .outOfScope), (.unsatisfied, .unsatisfied),
                (.failed, .failed):
                break
            case (let outcome, let verdict): Issue.record("\(policy.text): \(outcome) for \(verdict)")
            }
        }
    }
}

extension County {
    fileprivate static func question(
        _ set: AccessPolicySet,
        _ groups: [String],
        circumstances: PolicyCircumstances
    ) -> PolicyQuestion {
        question(set, groups, "rhoenblick/buero/d1", circumstances)
    }
}
