// SPDX-License-Identifier: EUPL-1.2
// Torhaus: which conditions follow from which, and which contradict each other.

import AccessPolicy
import Cedar
import Testing

@testable import PolicyTools

@Suite("Conditions")
struct ConditionSetTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let narrow: String
        let wide: String
        let isCovered: Bool

        init(_ narrow: String, _ wide: String, _ isCovered: Bool = true) {
            self.narrow = narrow
            self.wide = wide
            self.isCovered = isCovered
        }

        var testDescription: String { "\(narrow) ⟹ \(wide): \(isCovered)" }
    }

    private func world() throws -> PolicyWorld {
        let set = try County.set()
        return PolicyWorld(schema: set.schema, entities: set.entities)
    }

    private func conditions(_ text: String) throws -> [Conjunct] {
        try policies("permit (principal, action, resource) when { \(text) };").flatMap(\.conjuncts)
    }

    static let implications = [
        Case("context.local.minute < 600", "context.local.minute < 700"),
        Case("context.local.minute < 700", "context.local.minute < 600", false),
        Case("context.local.minute < 600", "context.local.minute <= 599"),
        Case("600 <= context.local.minute", "context.local.minute > 599"),
        Case("!(context.local.minute >= 600)", "context.local.minute < 600"),
        Case("context.local.minute == 5", "context.local.minute < 6 && context.local.minute > 4"),
        Case("[1, 2].contains(context.local.weekday)", "[1, 2, 3].contains(context.local.weekday)"),
        Case("[1, 2, 3].contains(context.local.weekday)", "[1, 2].contains(context.local.weekday)", false),
        Case(
            "context.local.weekday >= 1 && context.local.weekday <= 2",
            "[1, 2].contains(context.local.weekday)"
        ),
        Case("context.local.weekday == 3", "context.local.weekday != 4"),
        Case("context.mfaAge <= duration(\"5m\")", "context.mfaAge <= duration(\"12h\")"),
        Case("context.mfaAge <= duration(\"12h\")", "context.mfaAge <= duration(\"5m\")", false),
        Case("context.now < datetime(\"2026-01-01\")", "context.now < datetime(\"2027-01-01\")"),
        Case("context.ip.isInRange(ip(\"10.1.2.0/24\"))", "context.ip.isInRange(ip(\"10.1.0.0/16\"))"),
        Case("context.ip.isInRange(ip(\"10.1.0.0/16\"))", "context.ip.isInRange(ip(\"10.1.2.0/24\"))", false),
        Case("context.ip.isInRange(ip(\"10.1.0.0/16\"))", "!context.ip.isInRange(ip(\"10.2.0.0/16\"))"),
        Case("!context.ip.isInRange(ip(\"10.0.0.0/8\"))", "!context.ip.isInRange(ip(\"10.1.0.0/16\"))"),
        Case("context.zone in Gw::Zone::\"rathaus\"", "context.zone in Gw::Zone::\"amt\""),
        Case("context.zone in Gw::Zone::\"amt\"", "context.zone in Gw::Zone::\"rathaus\"", false),
        Case("context.zone == Gw::Zone::\"rathaus\"", "context.zone in Gw::Zone::\"amt\""),
        Case("!(context.zone in Gw::Zone::\"amt\")", "!(context.zone in Gw::Zone::\"rathaus\")"),
        Case("principal in Gw::Group::\"a\"", "principal in [Gw::Group::\"a\", Gw::Group::\"b\"]"),
        Case("principal in [Gw::Group::\"a\", Gw::Group::\"b\"]", "principal in Gw::Group::\"a\"", false),
        Case("context.local.holiday", "context.local.holiday || context.local.workday"),
        Case(
            "context.local.holiday || context.local.workday",
            "context.local.workday || context.local.holiday"
        ),
        Case("context.local.minute < 5 || context.local.minute < 9", "context.local.minute < 10"),
        Case("context.local.minute < 5 || context.local.holiday", "context.local.minute < 10", false),
        Case("context.device == Gw::Device::\"a\"", "context has device"),
        Case("resource.sensitive", "resource.sensitive == true"),
        Case(
            "resource in Gw::DesktopPool::\"rhoenblick/buero\"",
            "resource in Gw::Municipality::\"rhoenblick\""
        ),
        Case(
            "resource == Gw::Desktop::\"rhoenblick/buero/d1\"",
            "resource in Gw::Municipality::\"rhoenblick\""
        ),
        Case("principal.home == Gw::Municipality::\"x\"", "context.local.holiday", false),
    ]

    @Test("what follows is seen, what does not is not", arguments: implications)
    func implication(_ test: Case) throws {
        let set = ConditionSet(try conditions(test.narrow), try world())
        #expect(set.implies(try conditions(test.wide)) == test.isCovered)
    }

    static let contradictions = [
        ("context.local.minute < 360 && 1200 <= context.local.minute", "context.local.minute"),
        ("context.local.weekday == 1 && context.local.weekday == 2", "context.local.weekday"),
        ("context.local.weekday == 6 && [1, 2].contains(context.local.weekday)", "context.local.weekday"),
        ("context.local.holiday && !context.local.holiday", "context.local.holiday"),
        ("context.zone in Gw::Zone::\"rathaus\" && !(context.zone in Gw::Zone::\"amt\")", "context.zone"),
        (
            "context.ip.isInRange(ip(\"10.1.0.0/16\")) && context.ip.isInRange(ip(\"10.2.0.0/16\"))",
            "context.ip"
        ),
        (
            "context.trust != Gw::Trust::\"unknown\" && context.trust != Gw::Trust::\"managed\"",
            "context.trust"
        ),
        (
            "context.local.minute < 5 && (6 < context.local.minute || context.local.minute == 9)",
            "6 < context.local.minute || context.local.minute == 9"
        ),
        ("principal is Gw::User && principal is Gw::Group", "principal"),
    ]

    @Test("contradictions are named by what nothing is left for", arguments: contradictions)
    func contradiction(_ text: String, _ path: String) throws {
        #expect(ConditionSet(try conditions(text), try world()).contradiction == path)
    }

    @Test(
        "conditions that can hold together are no contradiction",
        arguments: [
            "360 <= context.local.minute && context.local.minute < 361",
            "context.zone in Gw::Zone::\"amt\" && !(context.zone in Gw::Zone::\"rathaus\")",
            "context.trust != Gw::Trust::\"unknown\"",
            "principal in Gw::Group::\"a\" && principal in Gw::Group::\"b\"",
            "context.local.minute < 5 && (6 < context.local.minute || context.local.holiday)",
        ]
    )
    func possible(_ text: String) throws {
        #expect(!ConditionSet(try conditions(text), try world()).isContradictory)
    }

    @Test("taking conditions apart keeps their order and what they say")
    func parts() throws {
        let policy = try policies(
            """
            permit (principal is Gw::User in Gw::Group::"g", action, resource == Gw::Desktop::"d")
            when { context.local.workday && !(context.local.holiday || context.local.minute < 5) }
            unless { context.local.weekday == 7 };
            """
        )
        #expect(
            policy.first?.conjuncts.map(\.text) == [
                "context.local.workday", "!context.local.holiday", "context.local.minute >= 5",
                "context.local.weekday != 7",
            ]
        )
        #expect(
            policy.first?.scopeConjuncts.map(\.text) == [
                "principal is Gw::User", "principal in Gw::Group::\"g\"",
                "resource == Gw::Desktop::\"d\"",
            ]
        )
    }
}
