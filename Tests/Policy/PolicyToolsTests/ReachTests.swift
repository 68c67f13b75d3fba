// SPDX-License-Identifier: EUPL-1.2
// Torhaus: who can reach a desktop, what a person can reach, and expectations.

import AccessPolicy
import Cedar
import Testing

@testable import PolicyTools

@Suite("Reach and expectations")
struct ReachTests {
    @Test("each permit of a desktop is listed with its people, conditions and an example")
    func desktop() throws {
        let set = try County.set()
        let reach = try #require(DesktopReach("rhoenblick/buero/d1", set, reference: County.wednesday))
        #expect(reach.grants.map(\.groups) == [["rhoenblick"], ["homeoffice"]])
        #expect(reach.grants.last?.conditions.contains("context.mfaAge <= duration(\"1h\")") ?? false)
        #expect(reach.limits.map(\.name) == ["policies/factor-outside", "policies/blocked"])
        let home = try #require(reach.grants.last)
        #expect(home.example?.factor == .webauthn)
        #expect(home.example?.trust == .managed)
        #expect(home.decision?.isAllowed == true)
        #expect(DesktopReach("rhoenblick/buero/d9", set, reference: County.wednesday) == nil)
    }

    @Test("a permit that a guardrail always forbids grants never, and the guardrail is named")
    func never() throws {
        let text = """
            @id("no-browser-no-native") forbid (principal, action, resource in Gw::DesktopPool::"rhoenblick/buero")
            when { resource in Gw::Municipality::"rhoenblick" };
            """
        let set = try County.set(County.input(guardrails: text))
        let reach = try #require(DesktopReach("rhoenblick/buero/d1", set, reference: County.wednesday))
        #expect(reach.grants.allSatisfy { $0.example == nil })
        #expect(reach.grants.first?.obstacles.map(\.name) == ["policies/no-browser-no-native"])
    }

    @Test("a person's pools are those that open now or could")
    func person() throws {
        let set = try County.set()
        let person = set.person("mia", groups: ["rhoenblick"])
        let now = PersonReach(person, set, County.at())
        #expect(now.signIn.isAllowed)
        #expect(now.pools.map(\.pool) == ["buero"])
        #expect(now.pools.first?.desktops == ["rhoenblick/buero/d1", "rhoenblick/buero/d2"])
        #expect(now.pools.first?.decision.isAllowed == true)
        let late = PersonReach(person, set, County.at(23))
        #expect(late.pools.first?.decision.reason == .outsideHours)
        let opening = try #require(late.pools.first?.elsewise)
        #expect(set.decide(County.question(set, ["rhoenblick"], "rhoenblick/buero/d1", opening)).isAllowed)
    }

    @Test("duties beside desktops are listed")
    func duties() throws {
        let set = try County.set()
        let reach = PersonReach(set.person("rita", groups: ["revision"]), set, County.at())
        #expect(reach.duties.contains(AccessTarget(.viewAudit, .municipality(nil))))
        #expect(reach.pools.isEmpty)
    }

    private func expectation(
        _ isAllowed: Bool,
        _ circumstances: PolicyCircumstances = County.at(),
        reason: PolicyReason? = nil,
        rule: String? = nil,
        passes: Set<PolicyRedirection> = [],
        staysOut: Set<PolicyRedirection> = [],
        idle: UInt32? = nil
    ) -> AccessExpectation {
        AccessExpectation(
            name: "x",
            origin: .builtIn,
            user: "mia",
            groups: ["rhoenblick"],
            target: .desktop("rhoenblick/buero/d1"),
            circumstances: circumstances,
            isAllowed: isAllowed,
            reason: reason,
            rule: rule,
            passes: passes,
            staysOut: staysOut,
            idleSeconds: idle
        )
    }

    @Test("kept expectations have no failures")
    func kept() throws {
        let set = try County.set()
        let rule = "rhoenblick/access/tagsueber"
        #expect(
            expectation(true, rule: rule, passes: [.clipboardIn], staysOut: [.print], idle: 900)
                .failures(set).isEmpty
        )
        #expect(expectation(false, County.at(22), reason: .outsideHours).failures(set).isEmpty)
    }

    @Test("each broken expectation says what was expected and what is")
    func broken() throws {
        let set = try County.set()
        #expect(
            expectation(false).failures(set)
                == ["expected a refusal, is allowed by rhoenblick/access/tagsueber"]
        )
        #expect(
            expectation(true, County.at(22)).failures(set)
                == ["expected to be allowed, is refused: outside-hours by rhoenblick/access/tagsueber"]
        )
        #expect(
            expectation(false, County.at(22), reason: .zone).failures(set)
                == ["expected the reason network-zone, is outside-hours"]
        )
        #expect(
            expectation(true, rule: "y", passes: [.print], staysOut: [.clipboardIn], idle: 60).failures(set)
                == [
                    "expected the rule y, decided by rhoenblick/access/tagsueber",
                    "expected print to pass, does not", "expected clipboardIn not to pass, does",
                    "expected idle to be 60 s, is 900 s",
                ]
        )
    }
}
