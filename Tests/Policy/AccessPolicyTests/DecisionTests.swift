// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of decisions by pools and rows.

import Cedar
import Testing

@testable import AccessPolicy

@Suite struct DecisionTests {
    struct Case: CustomTestStringConvertible {
        let name: String
        var row = AccessRow(name: "r", groups: ["home"], pools: ["buero"])
        var groups = ["home", "gemeinde-rhoenblick"]
        var circumstances = County.circumstances()
        /// Nil: allowed.
        let reason: PolicyReason?

        var testDescription: String { name }

        static func row(_ change: (inout AccessRow) -> Void) -> AccessRow {
            var row = AccessRow(name: "r", groups: ["home"], pools: ["buero"])
            change(&row)
            return row
        }
    }

    private static let night = PolicyHours(days: [5], from: 1320, until: 360)

    @Test(
        "a row decides by each of its keys, and the refusal names the key",
        arguments: [
            Case(name: "no condition", reason: nil),
            Case(name: "another group", groups: ["gemeinde-rhoenblick"], reason: .notMember),
            Case(name: "nobody's", groups: ["foreign"], reason: .unknownPerson),
            Case(
                name: "several groups, one is enough",
                row: Case.row { $0.groups = ["x", "home"] },
                reason: nil
            ),
            Case(
                name: "several groups, none",
                row: Case.row { $0.groups = ["x", "y"] },
                reason: .notMember
            ),
            Case(
                name: "within hours",
                row: Case.row { $0.hours = County.office.map { [$0] } ?? [] },
                reason: nil
            ),
            Case(
                name: "after hours",
                row: Case.row { $0.hours = County.office.map { [$0] } ?? [] },
                circumstances: County.circumstances("2026-11-26T20:00:00+0100"),
                reason: .outsideHours
            ),
            Case(
                name: "the last minute",
                row: Case.row { $0.hours = County.office.map { [$0] } ?? [] },
                circumstances: County.circumstances("2026-11-26T19:59:59+0100"),
                reason: nil
            ),
            Case(
                name: "a night that began on Friday",
                row: Case.row { $0.hours = night.map { [$0] } ?? [] },
                circumstances: County.circumstances("2026-11-28T05:59:00+0100"),
                reason: nil
            ),
            Case(
                name: "the night after",
                row: Case.row { $0.hours = night.map { [$0] } ?? [] },
                circumstances: County.circumstances("2026-11-29T05:59:00+0100"),
                reason: .outsideHours
            ),
            Case(
                name: "closed on Children's Day, a Monday in 2027",
                row: Case.row { $0.holidays = .closed },
                circumstances: County.circumstances("2027-09-20T10:00:00+0200"),
                reason: .outsideHours
            ),
            Case(
                name: "only on holidays",
                row: Case.row { $0.holidays = .only },
                circumstances: County.circumstances("2027-09-20T10:00:00+0200"),
                reason: nil
            ),
            Case(
                name: "only on holidays, not today",
                row: Case.row { $0.holidays = .only },
                reason: .outsideHours
            ),
            Case(
                name: "from the office",
                row: Case.row { $0.zones = ["rathaus-rhoenblick"] },
                circumstances: County.circumstances(from: "10.20.3.4"),
                reason: nil
            ),
            Case(
                name: "a zone below the one asked for",
                row: Case.row { $0.zones = ["verwaltungsnetz"] },
                circumstances: County.circumstances(from: "10.20.3.4"),
                reason: nil
            ),
            Case(
                name: "a zone above the one asked for",
                row: Case.row { $0.zones = ["rathaus-rhoenblick"] },
                circumstances: County.circumstances(from: "10.21.3.4"),
                reason: .zone
            ),
            Case(name: "from home", row: Case.row { $0.zones = ["verwaltungsnetz"] }, reason: .zone),
            Case(name: "with any factor", row: Case.row { $0.factor = .any }, reason: nil),
            Case(
                name: "without a factor",
                row: Case.row { $0.factor = .any },
                circumstances: County.circumstances(factor: .none),
                reason: .factor
            ),
            Case(
                name: "with another factor",
                row: Case.row { $0.factor = .oneOf([.webauthn]) },
                reason: .factor
            ),
            Case(
                name: "with a factor as old as allowed",
                row: Case.row { $0.factorSeconds = 3600 },
                circumstances: County.circumstances(age: 3600),
                reason: nil
            ),
            Case(
                name: "with a stale factor",
                row: Case.row { $0.factorSeconds = 3600 },
                circumstances: County.circumstances(age: 3601),
                reason: .factor
            ),
            Case(name: "from an unknown machine", row: Case.row { $0.managedDevice = true }, reason: .device),
            Case(
                name: "from a managed machine",
                row: Case.row { $0.managedDevice = true },
                circumstances: County.circumstances(trust: .managed),
                reason: nil
            ),
            Case(
                name: "with the wrong kind of client",
                row: Case.row { $0.clients = [.browser] },
                reason: .client
            ),
            Case(
                name: "from the wrong machine and without a factor",
                row: Case.row {
                    $0.managedDevice = true
                    $0.factor = .any
                },
                circumstances: County.circumstances(factor: .none),
                reason: .device
            ),
            Case(
                name: "another group and after hours",
                row: Case.row { $0.hours = County.office.map { [$0] } ?? [] },
                groups: ["gemeinde-rhoenblick"],
                circumstances: County.circumstances("2026-11-26T22:00:00+0100"),
                reason: .notMember
            ),
        ]
    )
    func keys(_ one: Case) throws {
        let decision = try County.policy(rhoenblick: [one.row]).ask(
            one.groups,
            .connect,
            .desktop("rhoenblick/buero/rb-01"),
            one.circumstances
        )
        #expect(decision.isAllowed == (one.reason == nil))
        #expect(decision.reason == one.reason)
        #expect(decision.faults.isEmpty)
        if one.reason != .unknownPerson, one.reason != .notMember {
            #expect(decision.rules.map(\.name) == ["rhoenblick/access/r"])
        }
    }

    @Test("pools without rows go on by groups, hours, redirections and limits")
    func pools() throws {
        let policy = try County.policy()
        let open = policy.ask(["gemeinde-rhoenblick"])
        #expect(open.isAllowed)
        #expect(open.rules.map(\.name) == ["rhoenblick/buero/groups"])
        #expect(open.redirections == [.clipboardIn, .clipboardOut, .print])
        #expect(open.obligations == PolicyObligations(idleSeconds: 1800, longestSeconds: 36_000))
        #expect(policy.ask(["standesamt"]).reason == .notMember)
        let night = County.circumstances("2026-11-26T22:00:00+0100")
        let closed = policy.ask(["gemeinde-rhoenblick"], .connect, .desktop("rhoenblick/buero/rb-01"), night)
        #expect(closed.reason == .outsideHours)
        #expect(closed.redirections.isEmpty)
    }

    @Test("rows take the place of the pool's groups, only for the pools they speak about")
    func rowsReplacePools() throws {
        let row = AccessRow(name: "r", groups: ["home"], pools: ["buero"])
        let policy = try County.policy(rhoenblick: [row])
        #expect(policy.ask(["gemeinde-rhoenblick"]).reason == .notMember)
        #expect(policy.ask(["standesamt"], .connect, .desktop("rhoenblick/standesamt/st-01")).isAllowed)
        let all = try County.policy(rhoenblick: [AccessRow(name: "r", groups: ["home"])])
        #expect(
            all.ask(["standesamt"], .connect, .desktop("rhoenblick/standesamt/st-01")).reason == .notMember
        )
        #expect(all.ask(["home"], .connect, .desktop("rhoenblick/standesamt/st-01")).isAllowed)
    }

    @Test("reconnecting and going on are decided like opening, with their redirections")
    func sessionActions() throws {
        let policy = try County.policy()
        for action in [PolicyAction.connect, .reconnect, .keep] {
            let decision = policy.ask(["gemeinde-rhoenblick"], action)
            #expect(decision.isAllowed)
            #expect(decision.redirections == [.clipboardIn, .clipboardOut, .print])
        }
    }

    @Test("people of no municipality and no rule cannot come in")
    func signIn() throws {
        let policy = try County.policy()
        #expect(policy.ask(["gemeinde-rhoenblick"], .signIn, .gateway).isAllowed)
        #expect(policy.ask(["standesamt"], .signIn, .gateway).isAllowed)
        #expect(policy.ask(["users"], .signIn, .gateway).reason == .unknownPerson)
        #expect(policy.ask([], .signIn, .gateway).reason == .unknownPerson)
        // Being external opens nothing.
        #expect(policy.ask(["dienstleister"], .signIn, .gateway).reason == .unknownPerson)
    }

    @Test("what does not exist, or cannot be asked so, is refused")
    func unknownTargets() throws {
        let policy = try County.policy(
            guardrails: "@id(\"all\") permit (principal, action, resource);"
        )
        let targets: [(PolicyAction, PolicyTarget)] = [
            (.connect, .desktop("rhoenblick/buero/rb-99")), (.connect, .desktop("")), (.connect, .gateway),
            (.connect, .municipality("rhoenblick")), (.signIn, .desktop("rhoenblick/buero/rb-01")),
            (.viewAudit, .gateway), (.viewAudit, .municipality("nowhere")), (.operate, .municipality("")),
        ]
        for (action, target) in targets {
            let decision = policy.ask(["gemeinde-rhoenblick"], action, target)
            #expect(!decision.isAllowed)
            #expect(decision.reason == .unknownTarget)
        }
    }

    @Test("all days and all hours are no condition, and no warning")
    func always() throws {
        let always = try #require(PolicyHours(days: Set(1...7), from: 0, until: 1440))
        let hours = County.office.map { [always, $0] } ?? []
        let policy = try County.policy(rhoenblick: [AccessRow(name: "r", groups: ["home"], hours: hours)])
        #expect(policy.warnings.isEmpty)
        let night = County.circumstances("2026-11-29T03:00:00+0100")
        #expect(policy.ask(["home"], .connect, .desktop("rhoenblick/buero/rb-01"), night).isAllowed)
    }

    @Test("roles open what they say, for the county or for one municipality")
    func roles() throws {
        let policy = try County.policy()
        #expect(policy.ask(["revision"], .viewAudit, .municipality(nil)).isAllowed)
        #expect(policy.ask(["revision"], .exportAudit, .municipality("schmalkalden")).isAllowed)
        #expect(policy.ask(["revision"], .revealPseudonym, .municipality(nil)).reason == .noRule)
        #expect(policy.ask(["revision"], .revealPseudonym, .municipality("rhoenblick")).reason == .notMember)
        #expect(policy.ask(["dsb-rhoenblick"], .revealPseudonym, .municipality("rhoenblick")).isAllowed)
        #expect(
            policy.ask(["dsb-rhoenblick"], .viewAudit, .municipality("schmalkalden")).reason == .notMember
        )
        #expect(policy.ask(["dsb-rhoenblick"], .viewAudit, .municipality(nil)).reason == .notMember)
        #expect(policy.ask(["kreis-it"], .operate, .gateway).isAllowed)
        #expect(policy.ask(["kreis-it"], .operate, .municipality("rhoenblick")).isAllowed)
        #expect(policy.ask(["kreis-it"], .viewAudit, .municipality(nil)).reason == .notMember)
        #expect(policy.ask(["gemeinde-rhoenblick"], .operate, .gateway).reason == .notMember)
    }
}
