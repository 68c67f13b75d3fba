// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a municipality's rows never reach into another.

import Cedar
import Testing

@testable import AccessPolicy

@Suite struct IsolationTests {
    /// Rows as generous as they can be written.
    static let generous = [
        AccessRow(name: "all", groups: ["gemeinde-rhoenblick", "stadt-schmalkalden"]),
        AccessRow(name: "one", groups: ["stadt-schmalkalden"], pools: ["buero"], may: [.driveOut]),
        AccessRow(name: "two", groups: ["stadt-schmalkalden"], pools: ["buero", "standesamt"]),
    ]

    @Test("a row of Rhönblick cannot grant anything in Schmalkalden", arguments: generous)
    func inside(_ row: AccessRow) throws {
        // Schmalkalden has a pool of the same name, and its own rule is for nobody here.
        let policy = try County.policy(
            rhoenblick: [row],
            schmalkalden: [AccessRow(name: "none", groups: ["nobody"])]
        )
        for groups in [["gemeinde-rhoenblick"], ["stadt-schmalkalden"], ["gemeinde-rhoenblick", "home"]] {
            for action in [PolicyAction.connect, .reconnect, .keep] {
                let decision = policy.ask(groups, action, .desktop("schmalkalden/buero/sk-01"))
                #expect(!decision.isAllowed)
                #expect(decision.redirections.isEmpty)
            }
        }
        #expect(policy.ask(["stadt-schmalkalden"]).isAllowed)
    }

    @Test("every permit that a municipality wrote names the municipality or one of its pools in its scope")
    func scopes() throws {
        let policy = try County.policy(rhoenblick: Self.generous)
        let rules = policy.rules.filter { [.row, .pool].contains($0.kind) }
        #expect(rules.count == 4)
        for rule in rules {
            let owner = rule.name.name.prefix { $0 != "/" }
            guard case .isIn(let uid) = rule.policy.resource else {
                Issue.record("no place in the scope of \(rule.name.name)")
                continue
            }
            #expect(uid.id.string == owner || uid.id.string.hasPrefix("\(owner)/"))
            let isNamed = rule.policy.namedEntities.contains {
                $0.uid == Gw.uid(Gw.municipality, String(owner))
            }
            #expect(isNamed)
        }
    }

    @Test("names with quotation marks and line feeds stay names")
    func injection() throws {
        let evil = "x\"] }; permit (principal, action, resource); //\n"
        let row = AccessRow(name: "r", groups: [evil, "y\\"], pools: ["buero"])
        let policy = try County.policy(rhoenblick: [row])
        #expect(policy.rules.count == (try County.policy().rules.count))
        #expect(policy.ask([evil]).isAllowed)
        #expect(policy.ask(["y\\"]).isAllowed)
        #expect(!policy.ask(["x"]).isAllowed)
        #expect(!policy.ask(["stadt-schmalkalden"]).isAllowed)
    }
}
