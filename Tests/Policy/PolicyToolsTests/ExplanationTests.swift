// SPDX-License-Identifier: EUPL-1.2
// Torhaus: an explanation names the rules that decided and the first condition that failed.

import AccessPolicy
import Cedar
import Testing

@testable import PolicyTools

@Suite("Explanations")
struct ExplanationTests {
    private func explain(
        _ groups: [String],
        _ circumstances: PolicyCircumstances = County.at(),
        _ desktop: String = "rhoenblick/buero/d1"
    ) throws -> Explanation {
        let set = try County.set()
        return Explanation(County.question(set, groups, desktop, circumstances), set)
    }

    private func firstCondition(_ account: Explanation.Account?) -> ConditionAccount? {
        guard case .unsatisfied(let condition, _) = account?.account.outcome else { return nil }
        return condition
    }

    @Test("a grant names its permit and the forbids that let it pass")
    func grant() throws {
        let explanation = try explain(["rhoenblick"])
        #expect(explanation.decision.isAllowed)
        #expect(explanation.satisfied.map(\.rule.name) == ["rhoenblick/access/tagsueber"])
        #expect(explanation.passed.map(\.rule.name) == ["policies/factor-outside", "policies/blocked"])
        #expect(explanation.near.isEmpty)
        #expect(explanation.forOthers.isEmpty)
    }

    @Test("after hours the hour is named with what the clock showed")
    func hours() throws {
        let explanation = try explain(["rhoenblick"], County.at(22))
        #expect(!explanation.decision.isAllowed)
        let near = try #require(explanation.near.first)
        #expect(near.rule.origin.description == "rhoenblick.yaml:12:5")
        let condition = try #require(firstCondition(near))
        #expect(condition.condition.text == "context.local.minute < 1200")
        #expect(condition.readings.map { "\($0.path) = \($0.text)" } == ["context.local.minute = 1320"])
    }

    @Test("the nearest permit comes first, with the number of what else is missing")
    func nearest() throws {
        let explanation = try explain(["rhoenblick", "homeoffice"], County.at(22))
        #expect(
            explanation.near.map(\.rule.name) == [
                "rhoenblick/access/tagsueber", "rhoenblick/access/homeoffice",
            ]
        )
        #expect(explanation.near.map(\.account.distance) == [1, 2])
    }

    @Test("a forbid that wins is satisfied beside the permit")
    func forbid() throws {
        let explanation = try explain(["rhoenblick"], County.at(from: "198.51.100.9"))
        #expect(
            explanation.satisfied.map(\.rule.name) == ["rhoenblick/access/tagsueber", "policies/blocked"]
        )
        #expect(explanation.satisfied.map(\.effect) == [.permit, .forbid])
        #expect(!explanation.decision.isAllowed)
    }

    @Test("who is in no group learns which rules are for others")
    func others() throws {
        let explanation = try explain(["schmalkalden"])
        #expect(explanation.near.isEmpty)
        #expect(
            explanation.forOthers.map(\.rule.name) == [
                "rhoenblick/access/tagsueber", "rhoenblick/access/homeoffice",
            ]
        )
    }

    @Test("a desktop that does not exist has no rules")
    func unknown() throws {
        let explanation = try explain(["rhoenblick"], County.at(), "rhoenblick/buero/d9")
        #expect(explanation.decision.reason == .unknownTarget)
        #expect(explanation.satisfied.isEmpty && explanation.near.isEmpty && explanation.passed.isEmpty)
    }

    @Test("an absent attribute is shown as absent, a failure with its error")
    func readings() throws {
        let request = CedarRequest(
            principal: EntityUID(type: Gw.user, id: "a"),
            action: EntityUID(type: Gw.action, id: "connect"),
            resource: EntityUID(type: Gw.desktop, id: "d")
        )
        let texts = [
            "permit (principal, action, resource) when { context has device.owner };",
            "permit (principal, action, resource) when { context.local.minute < 5 };",
        ]
        let accounts = try texts.flatMap { try policies($0) }.map { PolicyAccount($0, request, .empty) }
        guard case .unsatisfied(let first, 0) = accounts.first?.outcome,
            case .failed(let second) = accounts.last?.outcome
        else {
            Issue.record("other outcomes: \(accounts.map(\.outcome))")
            return
        }
        #expect(first.readings.map { "\($0.path) \($0.text)" } == ["context.device.owner absent"])
        #expect(second.readings.map { "\($0.path) \($0.text)" } == ["context.local.minute absent"])
        #expect(second.error?.code == .attributeMissing)
    }
}
