// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of what validation says of whole policies.

import Cedar
import Testing

@Suite("Policies against a schema")
struct PolicyValidationTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let policy: String
        let kinds: [ValidationFinding.Kind]
        var testDescription: String { policy }

        init(_ policy: String, _ kinds: ValidationFinding.Kind...) {
            self.policy = policy
            self.kinds = kinds
        }
    }

    static let scopes = [
        Case("permit(principal, action, resource);"),
        Case(
            "permit(principal in Team::\"t\", action in [Action::\"read\", Action::\"lend\"], resource in Shelf::\"s\");"
        ),
        Case("permit(principal in Shelf::\"s\", action, resource);", .noApplicableAction),
        Case("permit(principal is Shelf, action, resource);", .noApplicableAction),
        Case("permit(principal == Robot::\"r\", action == Action::\"lend\", resource);", .noApplicableAction),
        Case("permit(principal == Color::\"red\", action, resource);", .noApplicableAction),
        Case("permit(principal is Person in Shelf::\"s\", action, resource);", .noApplicableAction),
        Case("permit(principal, action == Action::\"any\", resource);", .noApplicableAction),
        Case("permit(principal, action in Action::\"any\", resource is Book);"),
        Case("permit(principal, action == Lab::Action::\"measure\", resource);"),
        Case("permit(principal, action in [], resource);", .emptySet, .noApplicableAction),
        Case("permit(principal, action == Action::\"nope\", resource);", .unknownAction, .noApplicableAction),
        Case(
            "permit(principal, action in [Action::\"read\", Action::\"nope\"], resource);",
            .unknownAction,
            .noApplicableAction
        ),
        Case(
            "permit(principal, action in [Action::\"read\", Lab::Action::\"measure\"], resource);",
            .incompatibleTypes
        ),
        Case("permit(principal is Nope, action, resource);", .unknownEntityType, .noApplicableAction),
        Case("permit(principal == Nope::\"n\", action, resource);", .unknownEntityType, .noApplicableAction),
        Case("permit(principal in Action::\"any\", action, resource);", .noApplicableAction),
        Case("permit(principal, action, resource == Color::\"blue\");", .unknownChoice, .noApplicableAction),
        Case("permit(principal == ?principal, action, resource is Book in ?resource);"),
        Case("permit(principal is Shelf in ?principal, action, resource);", .noApplicableAction),
        Case("@id(\"x\") @nope(\"y\") permit(principal, action, resource);"),
    ]

    static let environments = [
        Case("permit(principal, action == Action::\"read\", resource) when { principal.name == \"x\" };"),
        Case(
            "permit(principal, action == Action::\"read\", resource) when { principal.since == context.at };",
            .unknownAttribute
        ),
        Case(
            "permit(principal, action == Action::\"read\", resource) when { principal is Person && principal.since == context.at };"
        ),
        Case(
            "permit(principal is Person, action, resource) when { context.at == principal.since };",
            .unknownAttribute
        ),
        Case(
            "permit(principal is Person, action, resource) when { context has at && context.at == principal.since };"
        ),
        Case(
            "permit(principal, action == Action::\"lend\", resource) when { resource.owner == principal };",
            .unknownAttribute
        ),
        Case(
            "permit(principal, action == Action::\"lend\", resource) when { resource is Book && resource.owner == principal };"
        ),
        Case("forbid(principal, action, resource) unless { context has from && context.from.isLoopback() };"),
        Case(
            "permit(principal == Nope::\"n\", action, resource is Book) when { resource.nope };",
            .unknownEntityType,
            .noApplicableAction,
            .unknownAttribute
        ),
        Case("permit(principal, action, resource) when { true } unless { 1 };", .unexpectedType),
        Case(
            "permit(principal is Person, action == Action::\"read\", resource) when { principal has age } when { principal.age == 1 };"
        ),
        Case(
            "permit(principal is Person, action == Action::\"read\", resource) unless { principal has age } when { principal.age == 1 };",
            .unguardedAttribute
        ),
    ]

    @Test("are checked for each kind of request their scope allows", arguments: scopes + environments)
    func table(testCase: Case) throws {
        #expect(try ValidationFixture.kinds(testCase.policy) == testCase.kinds)
    }

    @Test(
        "that no request can satisfy are warned of",
        arguments: [
            "permit(principal, action, resource) when { false };",
            "permit(principal, action, resource) when { principal == resource };",
            "permit(principal is Person, action, resource) when { principal is Robot };",
            "permit(principal, action == Action::\"read\", resource) when { action in Action::\"lend\" };",
            "permit(principal, action, resource) unless { true };",
            "permit(principal, action, resource) when { resource in Team::\"t\" };",
        ]
    )
    func impossible(policy: String) throws {
        let findings = try ValidationFixture.schema().validate(try CedarPolicySet(parsing: policy))
        #expect(findings.errors.isEmpty)
        #expect(findings.warnings.map(\.kind) == [.impossiblePolicy])
    }

    @Test(
        "that say nothing with their conditions are warned of",
        arguments: [
            "permit(principal is Person, action, resource) when { principal is Person };",
            "permit(principal, action == Action::\"read\", resource) unless { resource is Shelf };",
            "permit(principal, action == Action::\"read\", resource) when { context has from };",
        ]
    )
    func vacuous(policy: String) throws {
        let findings = try ValidationFixture.schema().validate(try CedarPolicySet(parsing: policy))
        #expect(findings.map(\.kind) == [.vacuousCondition])
        #expect(findings.errors.isEmpty)
    }

    @Test(
        "that can be satisfied and can be missed are not warned of",
        arguments: [
            "permit(principal, action, resource);", "permit(principal, action, resource) when { true };",
            "permit(principal, action, resource) unless { false };",
            "permit(principal, action, resource) when { principal is Person };",
            "permit(principal is Person, action, resource) when { principal has name };",
        ]
    )
    func plain(policy: String) throws {
        #expect(try ValidationFixture.schema().validate(try CedarPolicySet(parsing: policy)).isEmpty)
    }

    @Test("are named in what is found, in their order")
    func subjects() throws {
        let policies = """
            permit(principal, action, resource);
            permit(principal is Nope, action, resource);
            permit(principal, action, resource) when { 1 };
            """
        let findings = try ValidationFixture.schema().validate(try CedarPolicySet(parsing: policies))
        let subjects: [ValidationFinding.Subject] = [
            .policy("policy1"), .policy("policy1"), .policy("policy2"),
        ]
        #expect(findings.map(\.subject) == subjects)
        #expect(findings.map(\.position?.line) == [2, 2, 3])
    }

    @Test("say the same once, however many kinds of request show it")
    func once() throws {
        let policy =
            "permit(principal is Person, action, resource) when { principal.nope || principal.nope };"
        #expect(try ValidationFixture.kinds(policy) == [.unknownAttribute, .unknownAttribute])
    }

    @Test("do not say everything of a hopeless policy")
    func bounded() throws {
        let mistakes = (0..<5_000).map { "principal.a\($0)" }.joined(separator: " || ")
        let policy = "permit(principal, action, resource) when { \(mistakes) };"
        #expect(try ValidationFixture.kinds(policy).count == ValidationLimits.findings)
    }

    @Test("may be as deep as the parser allows")
    func deep() throws {
        let nots = String(repeating: "!(", count: 90) + "principal.name" + String(repeating: ")", count: 90)
        let sum = "resource.pages" + String(repeating: " + 1", count: 300) + " == 1"
        let policy =
            "permit(principal is Person, action == Action::\"read\", resource) when { \(sum) } when { \(nots) };"
        #expect(try ValidationFixture.kinds(policy) == [.unexpectedType])
    }

    @Test("may have as many operands as the text has place for")
    func wide() throws {
        let has = Array(repeating: "principal has age && principal.age == 1", count: 5_000).joined(
            separator: " && "
        )
        let policy = "permit(principal is Person, action == Action::\"read\", resource) when { \(has) };"
        #expect(try ValidationFixture.kinds(policy).isEmpty)
    }

    @Test("that would take too long are refused, but only those")
    func tooLarge() throws {
        let types = (0..<200).map { "P\($0)" }.joined(separator: ", ")
        let schema = try CedarSchema(
            parsing: """
                entity \(types) {name: String} tags String;
                action a appliesTo {principal: [\(types)], resource: P0};
                """
        )
        let kinds = { (count: Int) in
            let terms = Array(repeating: "principal.hasTag(principal.name)", count: count)
            let policy = "permit(principal, action, resource) when { \(terms.joined(separator: " && ")) };"
            return schema.validate(try CedarPolicySet(parsing: policy)).map(\.kind)
        }
        #expect(try kinds(200).isEmpty)
        #expect(try kinds(20_000) == [.tooLarge])
    }
}
