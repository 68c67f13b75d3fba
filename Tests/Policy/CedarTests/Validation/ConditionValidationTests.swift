// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of the type checker, condition by condition.

import Cedar
import Testing

@Suite("Conditions")
struct ConditionValidationTests {
    struct Case: CustomTestStringConvertible, Sendable {
        /// What stands in `when` of a policy about a Person who wants to read a Book.
        let condition: String
        let kinds: [ValidationFinding.Kind]
        var testDescription: String { condition }

        init(_ condition: String, _ kinds: ValidationFinding.Kind...) {
            self.condition = condition
            self.kinds = kinds
        }
    }

    static let logic = [
        Case("true"), Case("false"), Case("1", .unexpectedType), Case("principal", .unexpectedType),
        Case("!resource.lent"), Case("!resource.pages", .unexpectedType),
        Case("false && (1 + \"a\" == 1)"), Case("true || principal.nope"),
        Case("true && principal.nope", .unknownAttribute), Case("false || 1", .unexpectedType),
        Case("resource.lent && 1", .unexpectedType), Case("resource.lent && true && false && 1"),
        Case("if true then true else 1"), Case("if false then 1 else true"),
        Case("if resource.lent then 1 else 2", .unexpectedType),
        Case("(if resource.lent then 1 else \"a\") == 1", .incompatibleTypes),
        Case("if 1 then true else 2", .unexpectedType, .incompatibleTypes),
        Case("if principal is Robot then 1 + \"a\" == 2 else true"),
    ]

    static let guards = [
        Case("principal.age == 1", .unguardedAttribute),
        Case("principal has age && principal.age == 1"),
        Case("principal has age || principal.age == 1", .unguardedAttribute),
        Case("(principal has age || principal has age) && principal.age == 1"),
        Case("(principal has age || resource.lent) && principal.age == 1", .unguardedAttribute),
        Case("(false || principal has age) && principal.age == 1"),
        Case("!(principal has age) || principal.age == 1", .unguardedAttribute),
        Case("!(!(principal has age)) && principal.age == 1", .unguardedAttribute),
        Case("if principal has age then principal.age == 1 else false"),
        Case("if principal has age then true else principal.age == 1", .unguardedAttribute),
        Case("(if principal has age then true else false) && principal.age == 1", .unguardedAttribute),
        Case("(if true then principal has age else false) && principal.age == 1"),
        Case("principal has age && principal has age && principal.age > 1"),
        Case("principal has boss.age && principal.boss.age == 1"),
        Case("principal has boss && principal.boss.age == 1", .unguardedAttribute),
        Case("principal has place.floor && principal.place.floor == 1"),
        Case("principal has place && principal.place has floor && principal.place.floor == 1"),
        Case("principal has place.street && principal.place.street == \"a\""),
        Case("(principal has age) == true && principal.age == 1", .unguardedAttribute),
        Case("principal has nope"), Case("principal has nope && principal.nope == 1"),
        Case("principal has nope.nope"), Case("principal has name.nope", .unexpectedType),
        Case("context has strong && context.strong"), Case("context.strong", .unguardedAttribute),
        Case("principal.nope == 1", .unknownAttribute), Case("context.nope == 1", .unknownAttribute),
        Case("{a: 1}.a == 1"), Case("{a: 1}.b == 1", .unknownAttribute), Case("{a: 1} has b"),
        Case("\"a\" has b", .unexpectedType), Case("[1] has b", .unexpectedType),
        Case("1.a", .unexpectedType),
        Case("action has x"), Case("action.x", .unknownAttribute),
    ]

    static let tags = [
        Case("principal.hasTag(\"t\")"), Case("resource.hasTag(\"t\")"),
        Case("principal.hasTag(\"t\") && principal.getTag(\"t\") == \"v\""),
        Case("principal.getTag(\"t\") == \"v\"", .unguardedTag),
        Case("principal.hasTag(\"t\") && principal.getTag(\"u\") == \"v\"", .unguardedTag),
        Case("principal.hasTag(principal.name) && principal.getTag(principal.name) == \"v\""),
        Case("principal.hasTag(\"t\") && principal.getTag(\"t\") == 1", .incompatibleTypes),
        Case("resource.hasTag(\"t\") && resource.getTag(\"t\") == 1"),
        Case("(resource.hasTag(\"t\") || true) && resource.getTag(\"t\") == 1", .unguardedTag),
        Case("principal.hasTag(1)", .unexpectedType), Case("context.hasTag(\"a\")", .unexpectedType),
        Case("principal.hasTag({a: 1, b: 2}.c)", .unknownAttribute),
        // The same words, written otherwise.
        Case(
            "principal.hasTag(if 1 != 2 then \"a\" else \"b\")"
                + " && principal.getTag(if !(1 == 2) then \"a\" else \"b\") == \"v\""
        ),
        Case(
            "principal.hasTag({a: \"x\", b: 1}.a) && principal.getTag({b: 1, a: \"x\"}.a) == \"v\""
        ),
    ]

    static let comparisons = [
        Case("principal == resource"), Case("resource.owner == principal"),
        Case("principal == \"x\"", .incompatibleTypes),
        Case("1 == \"a\""), Case("1 != \"a\""), Case("principal.name == 1", .incompatibleTypes),
        Case("principal.name != 1", .incompatibleTypes), Case("{a: 1} == {a: 2}"),
        Case("{a: 1} == {b: 2}", .incompatibleTypes), Case("{a: true} == {a: false}"),
        Case("context == {from: context.from, at: context.at}", .incompatibleTypes),
        Case("resource.pages < 3"), Case("1 >= resource.pages"), Case("context.at > principal.since"),
        Case("duration(\"1h\") <= context.at.toTime()"), Case("context.at < 1", .unexpectedType),
        Case("1 < context.at", .unexpectedType), Case("duration(\"1h\") < context.at", .unexpectedType),
        Case("principal.name < \"b\"", .unexpectedType, .unexpectedType),
        Case("true < false", .unexpectedType, .unexpectedType), Case("true < 1", .unexpectedType),
        Case("resource.pages + 1 - 2 * 3 == -resource.pages"), Case("1 + \"a\" == 1", .unexpectedType),
        Case("-\"a\" == 1", .unexpectedType), Case("principal.name like \"a*\""),
        Case("resource.pages like \"a\"", .unexpectedType),
    ]

    static let sets = [
        Case("[] == []", .emptySet, .emptySet), Case("[].contains(1)", .emptySet),
        Case("[1].containsAll([])", .emptySet),
        Case("[1, 2].contains(3)"), Case("[1, \"a\"].contains(1)", .incompatibleTypes),
        Case("[1].contains(\"a\")", .incompatibleTypes), Case("[true, false].contains(true)"),
        Case("[1].containsAny(1)", .unexpectedType), Case("[1].containsAny([\"a\"])", .incompatibleTypes),
        Case("principal.friends.contains(principal)"),
        Case("principal.friends.contains(resource)", .incompatibleTypes),
        Case("principal.friends.containsAny([Person::\"x\"])"), Case("principal.friends.isEmpty()"),
        Case("principal.name.isEmpty()", .unexpectedType),
        Case("principal.name.contains(\"x\")", .unexpectedType),
        Case("[principal, resource].contains(principal)", .incompatibleTypes),
        Case("[{a: 1}, {a: 2}].contains({a: 3})"), Case("[principal] == [resource]", .incompatibleTypes),
    ]

    static let membership = [
        Case("principal in Team::\"t\""), Case("principal in Shelf::\"s\""), Case("resource in Town::\"t\""),
        Case("principal in principal.friends"), Case("principal in [Team::\"a\", Team::\"b\"]"),
        Case("principal in [Team::\"a\", Person::\"b\"]", .incompatibleTypes),
        Case("principal in []", .emptySet),
        Case("principal in 1", .unexpectedType), Case("principal in [1]", .unexpectedType),
        Case("1 in principal", .unexpectedType), Case("principal.friends in Team::\"t\"", .unexpectedType),
        Case("principal is Person"), Case("principal is Robot && principal.nope"),
        Case("principal is Person in Team::\"t\""), Case("principal is Robot in 1"),
        Case("principal is Person in 1", .unexpectedType), Case("1 is Person", .unexpectedType),
        Case("action in Action::\"any\""), Case("action == Action::\"lend\" && principal.nope"),
        Case("action in Action::\"any\" && principal.nope", .unknownAttribute),
        Case("action in Action::\"lend\" && principal.nope"),
        Case("action in [Action::\"any\", Lab::Action::\"measure\"]", .incompatibleTypes),
        Case("action in [Action::\"any\", Action::\"lend\"] && principal.nope", .unknownAttribute),
        Case("action in [action, Action::\"lend\"] && principal.nope", .unknownAttribute),
        Case("action in [Action::\"lend\"] && principal.nope"),
        Case("Action::\"read\" in Action::\"lend\" && 1"),
        Case("principal in [principal]"), Case("principal in [Shelf::\"s\"] && 1"),
        Case("action in Person::\"p\" && principal.nope"),
        Case("principal in Action::\"any\" && principal.nope"),
    ]

    static let names = [
        Case("principal is Nope", .unknownEntityType), Case("false && principal is Nope", .unknownEntityType),
        Case("principal in Nope::\"g\"", .unknownEntityType), Case("principal is Nope::Action"),
        Case("action in Action::\"nope\"", .unknownAction),
        Case("false && action == Action::\"nope\"", .unknownAction),
        Case("Color::\"red\" == Color::\"green\""), Case("Color::\"blue\" == Color::\"red\"", .unknownChoice),
        Case("false && Color::\"blue\" == Color::\"red\"", .unknownChoice),
        Case("context has color && context.color == Color::\"red\""),
    ]

    static let calls = [
        Case("context.from.isInRange(ip(\"10.0.0.0/8\"))"),
        Case("ip(\"10.0.0.0/99\").isIpv4()", .invalidLiteral),
        Case("ip(principal.name).isIpv4()", .computedLiteral),
        Case("ip(\"x\") == ip(\"y\")", .invalidLiteral, .invalidLiteral),
        Case("ip() == ip(\"::1\")", .argumentCount), Case("ip(\"1.1.1.1\", \"2\").isIpv4()", .argumentCount),
        Case("ip(\"x\", 1).isIpv4()", .argumentCount), Case("context.from.isIpv4(1)", .argumentCount),
        Case("context.from.isInRange(\"x\")", .unexpectedType),
        Case("context.from == \"::1\"", .incompatibleTypes),
        Case("resource has price && resource.price.lessThan(decimal(\"1.0\"))"),
        Case("resource has price && resource.price < decimal(\"1.0\")", .unexpectedType, .unexpectedType),
        Case("decimal(\"1\").greaterThan(decimal(\"1.0\"))", .invalidLiteral),
        Case("context.at.offset(duration(\"1d\")).durationSince(principal.since).toDays() < 3"),
        Case("context.at.offset(1) == context.at", .unexpectedType),
        Case("datetime(\"2024-13-01\") == context.at", .invalidLiteral),
        Case("ip(1).isIpv6()", .unexpectedType),
    ]

    @Test(
        "have the types of the language",
        arguments: logic + guards + tags + comparisons + sets + membership + names + calls
    )
    func table(testCase: Case) throws {
        let policy =
            "permit(principal is Person, action == Action::\"read\", resource) when { \(testCase.condition) };"
        #expect(try ValidationFixture.kinds(policy) == testCase.kinds)
    }

    @Test("say what is wrong where, and what to do")
    func messages() throws {
        let policies = "permit(principal is Person, action, resource)\nwhen { principal.nmae == \"x\" };"
        let findings = try ValidationFixture.schema().validate(try CedarPolicySet(parsing: policies))
        #expect(
            findings.map(\.description) == [
                "policy policy0 at 2:8: the attribute \"nmae\" of `Person` does not exist; did you mean `name`?"
            ]
        )
    }
}
