// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of what grants are bound to.

import Cedar
import Testing

@testable import AccessPolicy

@Suite struct ObligationTests {
    @Test("of all permits that hold, the most restrictive binds, in whatever order they stand")
    func merged() throws {
        let rows = [
            AccessRow(name: "a", groups: ["home"], idleSeconds: 900, longestSeconds: 7200),
            AccessRow(name: "b", groups: ["home"], idleSeconds: 600, longestSeconds: 14_400, record: true),
            AccessRow(name: "c", groups: ["others"], idleSeconds: 60),
        ]
        for order in [rows, rows.reversed()] {
            let decision = try County.policy(rhoenblick: order).ask(["home"])
            #expect(
                decision.obligations
                    == PolicyObligations(idleSeconds: 600, longestSeconds: 7200, record: true)
            )
            #expect(Set(decision.rules.map(\.name)) == ["rhoenblick/access/a", "rhoenblick/access/b"])
        }
    }

    @Test("a row cannot lift the limits of its pool")
    func poolLimits() throws {
        let row = AccessRow(name: "a", groups: ["home"], idleSeconds: 80_000, longestSeconds: 80_000)
        let decision = try County.policy(rhoenblick: [row]).ask(["home"])
        #expect(decision.obligations == PolicyObligations(idleSeconds: 1800, longestSeconds: 36_000))
    }

    @Test("annotations of guardrails' permits bind too, those of redirections only when they are granted")
    func annotations() throws {
        let policy = try County.policy(
            guardrails: """
                @id("told") @notify("it-security, data-protection") @max_session("2h")
                permit (principal in Gw::Group::"gemeinde-rhoenblick", action == Gw::Action::"connect", resource);
                @id("microphone") @record("on")
                permit (principal, action == Gw::Action::"audioIn", resource)
                when { context.client == Gw::Client::"browser" };
                """
        )
        let native = policy.ask(["gemeinde-rhoenblick"])
        #expect(native.obligations.notify == ["data-protection", "it-security"])
        #expect(native.obligations.longestSeconds == 7200)
        #expect(!native.obligations.record)
        let target = PolicyTarget.desktop("rhoenblick/buero/rb-01")
        let browser = policy.ask(
            ["gemeinde-rhoenblick"],
            .connect,
            target,
            County.circumstances(client: .browser)
        )
        #expect(browser.obligations.record)
        #expect(browser.redirections.contains(.audioIn))
    }

    @Test("merging does not depend on the order, and never loosens")
    func algebra() {
        let all = [0, 60, 600].flatMap { idle in
            [0, 3600].flatMap { longest in
                [true, false].map { record in
                    PolicyObligations(
                        idleSeconds: idle,
                        longestSeconds: longest,
                        record: record,
                        notify: record ? ["a"] : ["b"]
                    )
                }
            }
        }
        for one in all {
            for other in all {
                let merged = one.merged(with: other)
                #expect(merged == other.merged(with: one))
                #expect(merged.merged(with: one) == merged)
                for part in [one, other] where part.idleSeconds != 0 {
                    #expect(merged.idleSeconds != 0 && merged.idleSeconds <= part.idleSeconds)
                }
                #expect(merged.record == (one.record || other.record))
            }
        }
    }
}
