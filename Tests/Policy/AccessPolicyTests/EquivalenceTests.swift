// SPDX-License-Identifier: EUPL-1.2
// Torhaus: our way of deciding says what plain Cedar says.

import Cedar
import Testing

@testable import AccessPolicy

@Suite struct EquivalenceTests {
    /// SplitMix64: the same questions in every run.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
    }

    private static let guardrails = """
        @id("kiosk") forbid (principal, action, resource == Gw::Desktop::"rhoenblick/buero/rb-02")
        when { context.client == Gw::Client::"browser" };
        @id("anna") permit (principal == Gw::User::"anna", action, resource is Gw::Desktop);
        @id("print") forbid (principal, action in [Gw::Action::"print", Gw::Action::"viewAudit"], resource)
        when { action == Gw::Action::"print" || context.local.weekday == 7 };
        @id("staff") permit (principal is Gw::User in Gw::Municipality::"@county", action in Gw::Action::"redirect", resource)
        unless { principal.external };
        @id("machine") forbid (principal, action in Gw::Action::"session", resource)
        when { context has device && context.device == Gw::Device::"lost" };
        """

    private static let groups = [
        "gemeinde-rhoenblick", "standesamt", "stadt-schmalkalden", "home", "revision", "kreis-it",
        "dienstleister", "dsb-rhoenblick", "foreign",
    ]
    private static let targets: [(PolicyAction, PolicyTarget)] =
        [
            "rhoenblick/buero/rb-01", "rhoenblick/buero/rb-02", "rhoenblick/standesamt/st-01",
            "schmalkalden/buero/sk-01",
        ]
        .flatMap { id in [PolicyAction.connect, .reconnect, .keep].map { ($0, .desktop(id)) } }
        + PolicyAction.duties.flatMap { action in
            [nil, "rhoenblick", "schmalkalden"].map { (action, .municipality($0)) }
        }
        + [(.signIn, .gateway), (.operate, .gateway)]

    @Test("decision, rules and redirections are Cedar's own", arguments: UInt64(1)...2)
    func plainCedar(seed: UInt64) throws {
        var dice = Dice(state: seed)
        let rows = [
            AccessRow(
                name: "a",
                groups: ["home"],
                pools: ["buero", "standesamt"],
                hours: County.office.map { [$0] } ?? [],
                may: [.print, .driveIn]
            ),
            AccessRow(name: "b", groups: ["home", "standesamt"], zones: ["verwaltungsnetz"], factor: .any),
            AccessRow(name: "c", groups: ["gemeinde-rhoenblick"], pools: ["buero"], clients: [.native]),
        ]
        let policy = try County.policy(rhoenblick: rows, guardrails: Self.guardrails)
        let cedar = policy.policySet
        var allowed = 0
        for _ in 0..<100 {
            let groups = Self.groups.filter { _ in Int.random(in: 0..<3, using: &dice) == 0 }
            let user = Bool.random(using: &dice) ? "anna" : "otto"
            let person = policy.person(user, groups: groups)
            let circumstances = PolicyCircumstances(
                time: County.time("2026-11-23") + Int64.random(in: 0..<(8 * 86_400_000), using: &dice),
                address: County.address(
                    ["10.20.1.1", "10.1.1.1", "192.0.2.1"].randomElement(using: &dice) ?? ""
                ),
                factor: PolicyFactor.allCases.randomElement(using: &dice) ?? .none,
                factorAge: Int64.random(in: 0..<7200, using: &dice),
                client: Bool.random(using: &dice) ? .native : .browser,
                trust: Bool.random(using: &dice) ? .managed : .unknown,
                device: [nil, "lost", "found"].randomElement(using: &dice) ?? nil
            )
            for (action, target) in Self.targets {
                let question = PolicyQuestion(person, action, target, circumstances)
                let decision = policy.decide(question)
                let request = try #require(policy.request(question))
                #expect(policy.schema.validate(request).isEmpty)
                let entities = policy.entities(with: person)
                let response = cedar.decide(request, entities)
                #expect(decision.isAllowed == (response.decision == .allow))
                #expect(decision.faults.isEmpty)
                if decision.isAllowed {
                    allowed += 1
                    #expect(decision.rules.map(\.name) == response.reasons.map(\.string))
                } else if !response.reasons.isEmpty {
                    #expect(decision.rules.map(\.name) == response.reasons.map(\.string))
                }
                guard decision.isAllowed, case .desktop = target else { continue }
                for redirection in PolicyRedirection.allCases {
                    let asked = try #require(policy.request(question, redirection))
                    #expect(policy.schema.validate(asked).isEmpty)
                    let isOpen = cedar.decide(asked, entities).decision == .allow
                    #expect(decision.redirections.contains(redirection) == isOpen)
                }
            }
        }
        #expect(0 < allowed && allowed < 100 * Self.targets.count)
    }

    @Test("what exists fits the schema, with every person")
    func entities() throws {
        let policy = try County.policy(guardrails: Self.guardrails)
        for groups in [[], ["gemeinde-rhoenblick"], Self.groups] {
            let entities = policy.entities(with: policy.person("anna", groups: groups))
            #expect(policy.schema.validate(entities).isEmpty)
        }
    }

    @Test("the version names the rules: the same for the same, another for every change")
    func version() throws {
        let row = AccessRow(name: "r", groups: ["a"], pools: ["buero"])
        let versions = try [
            County.policy(), County.policy(rhoenblick: [row]), County.policy(guardrails: Self.guardrails),
            County.policy(schmalkalden: [AccessRow(name: "r", groups: ["a"], pools: ["buero"])]),
        ]
        .map(\.version)
        #expect(Set(versions).count == versions.count)
        #expect(try County.policy(rhoenblick: [row]).version == versions[1])
        var input = County.input()
        input.zones[0].networks = []
        #expect(try AccessPolicySet(input, digest: County.fingerprint).version != versions[0])
        input = County.input()
        input.municipalities[0].pools[0].sensitive = true
        #expect(try AccessPolicySet(input, digest: County.fingerprint).version != versions[0])
    }

    @Test("an explanation agrees with the decision and shows the first condition with its values")
    func explanation() throws {
        let policy = try County.policy(guardrails: Self.guardrails)
        let night = County.circumstances("2026-11-26T22:00:00+0100")
        let question = PolicyQuestion(
            policy.person("otto", groups: ["gemeinde-rhoenblick"]),
            .connect,
            .desktop("rhoenblick/buero/rb-01"),
            night
        )
        let traces = try #require(policy.explain(question))
        #expect(traces.count == policy.rules.count)
        let pool = try #require(traces.first { $0.rule.name.name == "rhoenblick/buero/groups" })
        guard case .unsatisfied(let condition) = pool.verdict else {
            Issue.record("\(pool.verdict)")
            return
        }
        #expect(condition.text == "context.local.minute < 1200")
        #expect(condition.values == ["context.local.minute": "1320"])
        #expect(pool.missed == 1)
        let others = try #require(traces.first { $0.rule.name.name == "policies/anna" })
        #expect(others.verdict == .otherPeople)
        #expect(traces.first { $0.rule.name.name == "built-in/sign-in" }?.verdict == .otherAction)
        #expect(traces.first { $0.rule.name.name == "schmalkalden/buero/groups" }?.verdict == .otherTarget)
    }
}
