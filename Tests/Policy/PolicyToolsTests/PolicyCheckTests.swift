// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the checks find, and that a good set passes.

import AccessPolicy
import Cedar
import Testing

@testable import PolicyTools

@Suite("Checks")
struct PolicyCheckTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let guardrails: String
        let expected: [String]

        var testDescription: String { name }
    }

    private func findings(_ guardrails: String, missing: Set<EntityUID> = []) throws -> [String] {
        let set = try County.set(County.input(guardrails: guardrails))
        return PolicyCheck(set, missing: missing).findings()
            .filter { $0.rule?.hasPrefix("policies/") ?? false }
            .map { "\($0.kind.rawValue) \($0.rule ?? "")" }
    }

    static let cases = [
        Case(name: "the guardrails of the example", guardrails: County.guardrails, expected: []),
        Case(
            name: "a permit without condition for everybody",
            guardrails: "@id(\"a\") permit (principal, action == Gw::Action::\"connect\", resource);",
            expected: ["no-condition policies/a", "broad-permit policies/a"]
        ),
        Case(
            name: "a permit that ties person and place is not broad",
            guardrails: """
                @id("a") permit (principal, action == Gw::Action::"connect", resource)
                when { resource in principal.home };
                """,
            expected: []
        ),
        Case(
            name: "hours that are never",
            guardrails: """
                @id("a") forbid (principal, action, resource)
                when { context.local.minute < 360 && context.local.minute >= 1200 };
                """,
            expected: ["never-matches policies/a"]
        ),
        Case(
            name: "the same forbid twice, once narrower",
            guardrails: """
                @id("a") forbid (principal, action == Gw::Action::"connect", resource)
                when { context.local.minute < 300 };
                @id("b") forbid (principal, action in Gw::Action::"session", resource)
                when { context.local.minute < 360 };
                """,
            expected: ["covered policies/a"]
        ),
        Case(
            name: "of two equal rules one is superfluous",
            guardrails: """
                @id("a") forbid (principal, action, resource) when { context.local.holiday };
                @id("b") forbid (principal, action, resource) when { context.local.holiday };
                """,
            expected: ["covered policies/a"]
        ),
        Case(
            name: "a stricter obligation is a reason to be there",
            guardrails: """
                @id("a") @idle_timeout("5m")
                permit (principal in Gw::Group::"g", action == Gw::Action::"connect", resource)
                when { context.local.workday && resource in principal.home };
                @id("b") permit (principal, action == Gw::Action::"connect", resource)
                when { context.local.workday && resource in principal.home };
                """,
            expected: []
        ),
        Case(
            name: "a permit that is forbidden altogether",
            guardrails: """
                @id("a") permit (principal in Gw::Group::"g", action == Gw::Action::"connect",
                    resource in Gw::Municipality::"rhoenblick")
                when { context.client == Gw::Client::"browser" };
                @id("b") forbid (principal, action, resource in Gw::Municipality::"rhoenblick")
                when { [Gw::Client::"browser"].contains(context.client) };
                """,
            expected: ["forbidden policies/a"]
        ),
        Case(
            name: "the hour in UTC, and arithmetic in a forbid",
            guardrails: """
                @id("a") forbid (principal, action, resource)
                when { context.now.toTime() > duration("20h") };
                @id("b") forbid (principal, action, resource) when { context.local.minute * 60 > 72000 };
                """,
            expected: ["utc-hour policies/a", "fragile-forbid policies/b"]
        ),
    ]

    @Test("each kind of mistake is found, and no other", arguments: cases)
    func guardrails(_ test: Case) throws {
        #expect(try findings(test.guardrails) == test.expected)
    }

    @Test("groups that the directory does not have are named with their rule")
    func missing() throws {
        let text = """
            @id("a") forbid (principal in Gw::Group::"g", action, resource)
            when { context.local.holiday || principal in Gw::Group::"h" };
            """
        let missing: Set = [Gw.uid(Gw.group, "h")]
        #expect(try findings(text, missing: missing) == ["unknown-name policies/a"])
    }

    @Test("a finding reads as one line with its place")
    func line() throws {
        let set = try County.set(
            County.input(
                guardrails: "@id(\"a\") permit (principal, action, resource) when { context.local.holiday };"
            )
        )
        let finding = try #require(PolicyCheck(set).findings().first { $0.rule == "policies/a" })
        #expect(
            finding.description
                == "policies/county.cedar:1:1: warning: rule policies/a: it permits this to everybody and for everything [broad-permit]"
        )
    }

    @Test("findings come in the order of the rules")
    func order() throws {
        let rows = [County.office, County.home, County.row("dann", County.office)]
        let findings = PolicyCheck(try County.set(County.input(rows: rows))).findings()
        let covered = findings.filter { $0.kind == .covered }
        #expect(covered.map(\.rule) == ["rhoenblick/access/tagsueber"])
    }
}

extension County {
    /// The same row under another name.
    static func row(_ name: String, _ row: AccessRow) -> AccessRow {
        var row = row
        row.name = name
        return row
    }
}
