// SPDX-License-Identifier: EUPL-1.2
// Torhaus: who reads the audit log and who operates, by role.

import Testing

@testable import AccessPolicy

@Suite("Duties")
struct DutiesTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let groups: [String]
        var hasRootRights = false
        /// Actions, and where: a municipality's name, or "county".
        let allowed: [PolicyAction: Set<String>]

        var testDescription: String { name }
    }

    private static let everywhere: Set<String> = ["county", "rhoenblick", "schmalkalden"]
    private static let duties = PolicyAction.duties

    private static let cases = [
        Case(
            name: "the county's auditor",
            groups: ["revision"],
            allowed: [.viewAudit: everywhere, .exportAudit: everywhere]
        ),
        Case(
            name: "one municipality's data protection officer",
            groups: ["dsb-rhoenblick", "gemeinde-rhoenblick"],
            allowed: [
                .viewAudit: ["rhoenblick"], .exportAudit: ["rhoenblick"], .revealPseudonym: ["rhoenblick"],
                .answerReveal: ["rhoenblick"], .retainAudit: ["rhoenblick"],
            ]
        ),
        Case(
            name: "a holder of a key",
            groups: ["personalrat"],
            allowed: [.answerReveal: everywhere, .retainAudit: everywhere]
        ),
        Case(name: "the county's operator", groups: ["kreis-it"], allowed: [.operate: everywhere]),
        Case(name: "a clerk", groups: ["gemeinde-rhoenblick"], allowed: [:]),
        Case(name: "nobody's member", groups: [], allowed: [:]),
        Case(name: "root without a role", groups: ["root"], hasRootRights: true, allowed: [:]),
        Case(
            name: "an operator behind sudo",
            groups: ["kreis-it"],
            hasRootRights: true,
            allowed: [.operate: everywhere]
        ),
    ]

    private static func places(_ action: PolicyAction, _ duties: PolicyDuties) -> Set<String> {
        Set(everywhere.filter { duties.allows(action, in: $0 == "county" ? nil : $0) })
    }

    private static func duties(
        _ policy: AccessPolicySet,
        _ groups: [String],
        root: Bool
    ) -> PolicyDuties {
        PolicyDuties(
            policy,
            user: "somebody",
            groups: groups,
            time: County.time("2026-11-26T10:00:00+0100"),
            hasRootRights: root
        )
    }

    /// The county of the tests before anybody was given a role.
    private static func unruled(guardrails: String = "") throws -> AccessPolicySet {
        var input = County.input(guardrails: guardrails)
        input.roles = [.auditor: []]
        for place in input.municipalities.indices { input.municipalities[place].roles = [:] }
        return try AccessPolicySet(input, digest: County.fingerprint)
    }

    @Test("are what roles say, where they say it", arguments: cases)
    func roles(_ one: Case) throws {
        let policy = try County.policy()
        #expect(policy.hasRoles)
        let duties = Self.duties(policy, one.groups, root: one.hasRootRights)
        #expect(!duties.isUnruled)
        for action in Self.duties {
            let expected = one.allowed[action] ?? []
            #expect(Self.places(action, duties) == expected, "\(action)")
            #expect(duties.allowsSomewhere(action) == !expected.isEmpty, "\(action)")
            #expect(!duties.allows(action, in: "nowhere"))
        }
    }

    @Test("are root's while nobody has a role, and nobody else's")
    func beforeRoles() throws {
        let policy = try Self.unruled()
        #expect(!policy.hasRoles)
        let root = Self.duties(policy, ["root"], root: true)
        let clerk = Self.duties(policy, ["gemeinde-rhoenblick"], root: false)
        #expect(root.isUnruled && !clerk.isUnruled)
        for action in Self.duties {
            #expect(Self.places(action, root) == Self.everywhere)
            #expect(Self.places(action, clerk).isEmpty)
        }
    }

    @Test("a refusal says why, which rules came nearest, and by which set")
    func refusals() throws {
        let text = """
            @id("quiet")
            forbid (principal, action == Gw::Action::"viewAudit", resource == Gw::AuditLog::"rhoenblick");
            """
        let policy = try County.policy(guardrails: text)
        let auditor = Self.duties(policy, ["revision"], root: false)
        let forbidden = auditor.refusal(.viewAudit, in: "rhoenblick")
        #expect(forbidden.reason == .guardrail && forbidden.rules == ["policies/quiet"])
        #expect(!forbidden.version.isEmpty)
        let clerk = Self.duties(policy, ["gemeinde-rhoenblick"], root: false)
        #expect(clerk.refusal(.viewAudit, in: nil).reason == .notMember)
        #expect(clerk.refusal(.operate, in: nil).reason == .notMember)
        #expect(clerk.refusal(.revealPseudonym, in: nil).reason == .noRule)
        #expect(Self.duties(policy, [], root: true).refusal(.retainAudit, in: nil).reason == .unknownPerson)
    }

    @Test("a role in one municipality's file is a role")
    func oneRole() throws {
        var input = County.input()
        input.roles = [:]
        let policy = try AccessPolicySet(input, digest: County.fingerprint)
        #expect(policy.hasRoles)
        #expect(!Self.duties(policy, ["root"], root: true).allowsSomewhere(.viewAudit))
    }

    @Test("guardrails hold, for those with a role and for root before there are any")
    func guardrails() throws {
        let text = """
            @id("quiet")
            forbid (principal, action == Gw::Action::"viewAudit", resource == Gw::AuditLog::"rhoenblick");
            """
        let auditor = Self.duties(try County.policy(guardrails: text), ["revision"], root: false)
        #expect(Self.places(.viewAudit, auditor) == ["county", "schmalkalden"])
        let root = Self.duties(try Self.unruled(guardrails: text), ["root"], root: true)
        #expect(Self.places(.viewAudit, root) == ["county", "schmalkalden"])
    }

    @Test("root is nobody special when a guardrail permits reading to others")
    func permittingGuardrail() throws {
        let text = """
            @id("readers")
            permit (principal in Gw::Group::"standesamt", action == Gw::Action::"viewAudit", resource);
            """
        let policy = try Self.unruled(guardrails: text)
        #expect(Self.places(.viewAudit, Self.duties(policy, ["standesamt"], root: false)) == Self.everywhere)
        let root = Self.duties(policy, ["root"], root: true)
        #expect(Self.places(.viewAudit, root).isEmpty)
        #expect(Self.places(.operate, root) == Self.everywhere)
    }

    @Test("are not sign-in or sessions")
    func noDuties() throws {
        let policy = try County.policy(guardrails: "@id(\"all\") permit (principal, action, resource);")
        let duties = Self.duties(policy, ["gemeinde-rhoenblick"], root: true)
        for action in [PolicyAction.signIn, .connect, .reconnect, .keep] {
            #expect(!duties.allowsSomewhere(action))
        }
    }
}
