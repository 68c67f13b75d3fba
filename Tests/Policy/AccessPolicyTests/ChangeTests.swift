// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of the next moment at which an answer changes.

import Cedar
import Testing

@testable import AccessPolicy

@Suite struct ChangeTests {
    private func question(
        _ policy: AccessPolicySet,
        _ circumstances: PolicyCircumstances,
        _ action: PolicyAction = .connect
    ) -> PolicyQuestion {
        PolicyQuestion(
            policy.person("anna", groups: ["gemeinde-rhoenblick"]),
            action,
            .desktop("rhoenblick/buero/rb-01"),
            circumstances
        )
    }

    @Test(
        "a pool closes in the evening and opens on the next working day",
        arguments: [
            ("2026-11-26T10:00:00+0100", "2026-11-26T20:00:00+0100"),
            ("2026-11-26T20:00:00+0100", "2026-11-27T06:00:00+0100"),
            ("2026-11-27T21:00:00+0100", "2026-11-30T06:00:00+0100"),
            // Over the change of the clocks.
            ("2026-03-27T21:00:00+0100", "2026-03-30T06:00:00+0200"),
        ]
    )
    func hours(_ now: String, _ then: String) throws {
        let policy = try County.policy()
        let change = policy.nextChange(of: question(policy, County.circumstances(now)))
        #expect(change?.time == County.time(then))
    }

    @Test("what no clock changes does not change")
    func never() throws {
        let policy = try County.policy(rhoenblick: [AccessRow(name: "r", groups: ["gemeinde-rhoenblick"])])
        #expect(policy.nextChange(of: question(policy, County.circumstances())) == nil)
    }

    @Test("a factor grows old for a new session, not for a running one")
    func factorAge() throws {
        let row = AccessRow(name: "r", groups: ["gemeinde-rhoenblick"], factorSeconds: 3600)
        let policy = try County.policy(rhoenblick: [row])
        let circumstances = County.circumstances(age: 600)
        let change = policy.nextChange(of: question(policy, circumstances))
        #expect(change?.time == circumstances.time + 3_001_000)
        #expect(change?.decision.reason == .factor)
        #expect(policy.nextChange(of: question(policy, circumstances, .keep)) == nil)
    }

    @Test("a contract that ends at a moment ends then")
    func instant() throws {
        let policy = try County.policy(
            rhoenblick: [AccessRow(name: "none", groups: ["nobody"])],
            guardrails: """
                @id("vendor") permit (principal, action in Gw::Action::"session", resource)
                when { context.now < datetime("2026-11-28T12:00:00Z") };
                """
        )
        let change = policy.nextChange(of: question(policy, County.circumstances()))
        #expect(change?.time == County.time("2026-11-28T12:00:00Z"))
    }

    /// Rules whose times lie close together and in odd places.
    private static let rules = [
        ("hours", "context.local.minute >= 360 && context.local.minute < 1200"),
        ("weekdays", "[1, 3, 6].contains(context.local.weekday)"),
        ("equal", "context.local.minute == 150"),
        ("at most", "context.local.minute <= 150 || 1000 > context.local.minute"),
        ("holiday", "context.local.holiday || context.local.weekday == 7"),
        ("workday", "context.local.workday && context.local.minute != 0"),
        ("last", "context.local.minute < 1439"),
        ("age", "context.mfaAge <= duration(\"90m\") && context.mfaAge > duration(\"30m\")"),
        ("arithmetic", "context.local.minute - 17 > 400"),
        ("instant", "context.now >= datetime(\"2026-10-25T00:30:00Z\")"),
        ("tags", "context.local == {minute: 150, weekday: 7, holiday: false, workday: false}"),
    ]

    @Test(
        "between now and the change nothing changes, and at the change it does",
        arguments: rules,
        ["2026-03-28T11:59:00Z", "2026-10-24T11:59:30Z"]
    )
    func property(_ rule: (name: String, condition: String), _ now: String) throws {
        let policy = try County.policy(
            rhoenblick: [AccessRow(name: "none", groups: ["nobody"])],
            guardrails: """
                @id("x") permit (principal, action in Gw::Action::"session", resource) when { \(rule.condition) };
                """
        )
        let start = County.time(now)
        let horizon = 36 * BerlinTime.millisecondsPerHour
        let asked = question(policy, County.circumstances(now, age: 0))
        let before = policy.decide(asked)
        let change = policy.nextChange(of: asked, within: horizon)
        // Every minute, and the millisecond before the change.
        var moments = Array(stride(from: start, through: start + horizon, by: 60_000))
        if let change { moments.append(change.time - 1) }
        for moment in moments {
            var later = asked
            later.circumstances.time = moment
            later.circumstances.factorAge = (moment - start) / 1000
            let decision = policy.decide(later)
            if let change, change.time <= moment {
                if moment == change.time { #expect(decision.isAllowed != before.isAllowed) }
                continue
            }
            guard decision.isAllowed == before.isAllowed else {
                Issue.record("\(rule.name) changes at \(moment), before \(String(describing: change?.time))")
                break
            }
        }
        if let change { #expect(change.decision.isAllowed != before.isAllowed) }
    }
}
