// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the fuzzer's oracle over inputs worth keeping.

import Cedar
import Testing

@Suite("Schema oracle")
struct SchemaOracleTests {
    static let policies = [
        "", "permit(principal, action, resource);",
        "permit(principal is Person, action == Action::\"read\", resource) when { principal has boss.place.floor"
            + " && principal.boss.place.floor + resource.pages < 3 };",
        "forbid(principal, action, resource) when { principal has name && principal.name like \"a*\" }"
            + " unless { context has at && datetime(\"2024-01-01\").offset(duration(\"1h\")) < context.at };",
        "permit(principal is Person, action, resource) when { principal.hasTag(\"a\") && principal.getTag(\"a\") == \"a\""
            + " && principal in principal.friends && [principal].containsAny(principal.friends) };",
        "permit(principal, action == Action::\"read\", resource) when { resource has price"
            + " && resource.price.lessThan(decimal(\"2.0\")) && context.from.isInRange(ip(\"0.0.0.0/8\")) };",
    ]

    @Test("valid policies keep the promise of validation", arguments: policies)
    func promise(policy: String) {
        CedarSchemaOracle.run(
            Array(ValidationFixture.text.utf8) + [CedarSchemaOracle.separator] + Array(policy.utf8)
        )
    }

    @Test(
        "broken input is answered",
        arguments: [
            "", "\0", "entity",
            "entity A in [A] {a: A} tags A; action a appliesTo {principal: A, resource: A};\0x",
        ]
    )
    func broken(text: String) { CedarSchemaOracle.run(Array(text.utf8)) }

    @Test("bytes that are no text are answered")
    func noText() {
        for byte in UInt8.min...UInt8.max { CedarSchemaOracle.run([byte, byte, 0xC2, 0, byte]) }
    }

    @Test("a sample has what is required, or everything")
    func sample() throws {
        let schema = try ValidationFixture.schema()
        let person = ValidationFixture.uid("Person", "a")
        let least = SchemaSample(schema, .least).entities.first { $0.uid == person }
        #expect(least?.attributes.count == 3)
        #expect(least?.parents.isEmpty == true)
        let most = SchemaSample(schema, .most).entities.first { $0.uid == person }
        #expect(most?.attributes.count == 6)
        #expect(most?.parents.count == 2)
        #expect(SchemaSample(schema, .most).requests(limit: 100).count == 5)
        #expect(SchemaSample(schema, .most).requests(limit: 2).count == 2)
    }
}
