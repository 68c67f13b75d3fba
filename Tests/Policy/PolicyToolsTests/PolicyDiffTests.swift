// SPDX-License-Identifier: EUPL-1.2
// Torhaus: who gains and who loses is found, with circumstances that show it.

import AccessPolicy
import Cedar
import Testing

@testable import PolicyTools

@Suite("Differences of two sets")
struct PolicyDiffTests {
    private func changes(_ old: PolicyInput, _ new: PolicyInput) throws -> [AccessChange] {
        PolicyDiff(try County.set(old), try County.set(new), reference: County.wednesday).changes
    }

    @Test("the same rules differ in nothing, and nothing is asked")
    func same() throws {
        let diff = PolicyDiff(try County.set(), try County.set(), reference: County.wednesday)
        #expect(diff.changes.isEmpty)
        #expect(diff.asked == 0)
    }

    @Test("two hours more are found at the first minute of them")
    func hours() throws {
        var late = County.office
        late.hours = County.hours(1...5, 6 * 60, 22 * 60)
        let changes = try changes(County.input(), County.input(rows: [late, County.home]))
        // Who may come at night anyway now gets the office's limits until 22:00.
        #expect(Set(changes.map(\.kind)) == [.gains, .terms])
        #expect(changes.allSatisfy { $0.kind == .gains || $0.person.groups == ["homeoffice", "rhoenblick"] })
        let plain = try #require(changes.first { $0.person.groups == ["rhoenblick"] })
        #expect(plain.target == AccessTarget(.connect, .desktop("rhoenblick/buero/d1")))
        let minute = BerlinTime(milliseconds: plain.example.time).minute
        #expect((20 * 60..<22 * 60).contains(Int(minute)))
        #expect(plain.before.reason == .outsideHours)
        #expect(plain.after.rules.map(\.name) == ["rhoenblick/access/tagsueber"])
        #expect(0 < plain.cells && plain.cells < plain.asked)
    }

    @Test("both example answers are the answers of the two sets")
    func examples() throws {
        let old = try County.set()
        let new = try County.set(County.input(rows: [County.home]))
        let diff = PolicyDiff(old, new, reference: County.wednesday)
        #expect(!diff.changes.isEmpty)
        for change in diff.changes {
            for (set, answer) in [(old, change.before), (new, change.after)] {
                let person = set.person(change.person.user, groups: change.person.groups)
                let question = PolicyQuestion(
                    person,
                    change.target.action,
                    change.target.target,
                    change.example
                )
                #expect(set.decide(question) == answer)
            }
            #expect(AccessChange.Kind.all(change.before, change.after).contains(change.kind))
        }
    }

    @Test("a row taken away is a loss for its people and nobody else")
    func loss() throws {
        let changes = try changes(County.input(), County.input(rows: [County.office]))
        #expect(Set(changes.map(\.kind)).isSubset(of: [.loses, .lessPasses, .terms]))
        #expect(changes.contains { $0.kind == .loses && $0.person.groups == ["homeoffice"] })
        #expect(changes.allSatisfy { $0.person.groups.contains("homeoffice") })
    }

    @Test("a factor that may be older is found a second beyond the old bound")
    func age() throws {
        var longer = County.home
        longer.factorSeconds = 7_200
        let changes = try changes(County.input(), County.input(rows: [County.office, longer]))
        let change = try #require(changes.first { $0.person.groups == ["homeoffice"] })
        #expect(change.kind == .gains)
        #expect((3_601...7_200).contains(change.example.factorAge))
        #expect(change.example.factor == .webauthn)
    }

    @Test("more that may pass, and other limits, are told apart from access itself")
    func terms() throws {
        var row = County.office
        row.may = [.print]
        row.idleSeconds = 300
        let changes = try changes(County.input(), County.input(rows: [row, County.home]))
        let own = changes.filter { $0.person.groups == ["rhoenblick"] }
        #expect(Set(own.map(\.kind)) == [.morePasses, .lessPasses, .terms])
        #expect(own.first { $0.kind == .morePasses }?.redirections == [.clipboardIn, .print])
    }

    @Test("limits of a pool and groups of a municipality count without any other rule")
    func beside() throws {
        let limits = try changes(County.input(), County.input(longest: 3_600))
        #expect(!limits.isEmpty && limits.allSatisfy { $0.kind == .terms })
        let groups = try changes(County.input(), County.input(groups: ["stadt"]))
        #expect(groups.contains { $0.kind == .gains && $0.person.groups == ["stadt"] })
    }

    @Test("a guardrail for one group is found with the groups it takes access from")
    func guardrail() throws {
        let more =
            County.guardrails + """
                @id("trainees") forbid (principal in Gw::Group::"azubi", action in Gw::Action::"session", resource)
                when { context.local.minute >= 1080 };
                """
        let changes = try changes(County.input(), County.input(guardrails: more))
        #expect(!changes.isEmpty)
        #expect(changes.allSatisfy { $0.kind == .loses && $0.person.groups.contains("azubi") })
        let change = try #require(changes.first { $0.person.groups == ["azubi", "rhoenblick"] })
        #expect(change.after.rules.map(\.name) == ["policies/trainees"])
    }

    @Test("a zone that grows changes answers though no rule did")
    func zones() throws {
        var input = County.input()
        input.zones[0].networks.append(County.range("203.0.113.0/24"))
        let changes = try changes(County.input(), input)
        #expect(
            changes.contains {
                $0.kind == .gains && $0.example.address.isInRange(County.range("203.0.113.0/24"))
            }
        )
    }

    @Test("changes by one cause are told once, for those with the fewest groups")
    func groups() throws {
        var late = County.office
        late.hours = County.hours(1...5, 6 * 60, 22 * 60)
        let changes = try changes(County.input(), County.input(rows: [late, County.home]))
        let groups = ChangeGroup.all(changes)
        #expect(groups.count < changes.count)
        #expect(groups.reduce(0) { $0 + $1.count } == changes.count)
        let gains = groups.filter { $0.kind == .gains }
        #expect(gains.map { $0.people.map(\.groups) } == [[["rhoenblick"]]])
        #expect(gains.first?.targets == [AccessTarget(.connect, .desktop("rhoenblick/buero/d1"))])
        #expect(ChangeGroup.all([]).isEmpty)
    }
}
