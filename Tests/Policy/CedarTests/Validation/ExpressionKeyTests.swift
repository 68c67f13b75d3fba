// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of when two expressions are taken for the same.

import Cedar
import Testing

@Suite("The same expression")
struct ExpressionKeyTests {
    /// Conditions that are all different, one at least for each kind of node.
    static let conditions = [
        "true", "resource.lent", "resource[\"lent\"] == true", "!resource.lent", "resource.pages == 1",
        "resource.pages == -1", "-resource.pages == 1", "resource.pages < 1", "resource.pages <= 1",
        "resource.pages + 1 == 1", "resource.pages - 1 == 1", "resource.pages * 1 == 1",
        "1 == resource.pages",
        "resource.lent && true", "true && resource.lent", "resource.lent || true",
        "(resource.lent && true) && resource.lent", "resource.lent && (true && resource.lent)",
        "if resource.lent then true else false", "principal.friends.isEmpty()",
        "principal.friends.contains(principal)", "[principal].containsAll([principal])",
        "[principal].containsAny([principal])", "[principal, principal].containsAny([principal])",
        "principal has name", "principal has age", "principal has place.street", "principal.name like \"a*\"",
        "principal.name like \"a\\*\"", "principal.name like \"*a\"", "principal is Person",
        "principal is Robot",
        "principal is Person in Team::\"t\"", "principal in Team::\"t\"", "principal in Team::\"u\"",
        "principal == Person::\"t\"", "{a: 1, b: 2} == {a: 1, b: 2}", "{a: 1, b: 2} == {a: 2, b: 1}",
        "context.from.isIpv4()", "context.from.isIpv6()", "context.from.isInRange(ip(\"::1\"))",
        "context.from.isInRange(ip(\"::2\"))", "principal.name == \"a\"", "principal.name == \"a\\0\"",
        "action == Action::\"read\"", "principal.hasTag(\"a\")",
    ]

    private func kinds(_ one: String, _ other: String) throws -> [ValidationFinding.Kind] {
        let key = { (condition: String) in "if \(condition) then \"a\" else \"b\"" }
        let test = "principal.hasTag(\(key(one))) && principal.getTag(\(key(other))) == \"v\""
        return try ValidationFixture.kinds(
            "permit(principal is Person, action == Action::\"read\", resource) when { \(test) };"
        )
    }

    @Test("is the one with the same words", arguments: conditions)
    func same(condition: String) throws {
        #expect(try kinds(condition, "  \(condition) // spaces\n").isEmpty)
    }

    @Test("is no other")
    func different() throws {
        for (index, one) in Self.conditions.enumerated() {
            let other = Self.conditions[(index + 1) % Self.conditions.count]
            #expect(try kinds(one, other) == [.unguardedTag], "\(one) / \(other)")
        }
    }

    @Test("may be written in another way")
    func sugar() throws {
        let pairs = [
            ("1 != 2", "!(1 == 2)"), ("1 > 2", "!(1 <= 2)"), ("1 >= 2", "!(1 < 2)"),
            ("resource.lent && true && false", "(resource.lent && true) && false"),
            ("resource.lent || true || false", "(resource.lent || true) || false"),
            ("principal is Person in Team::\"t\"", "principal is Person && principal in Team::\"t\""),
            ("{a: 1, b: 2} == {a: 1, b: 2}", "{\"b\": 2, a: 1} == {b: 2, a: 1}"),
            ("resource[\"lent\"]", "resource.lent"),
        ]
        for (one, other) in pairs { #expect(try kinds(one, other).isEmpty, "\(one) / \(other)") }
    }
}
