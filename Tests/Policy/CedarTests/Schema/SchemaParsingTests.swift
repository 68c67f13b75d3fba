// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of the form of schemas.

import Cedar
import Testing

@Suite("Schema text")
struct SchemaParsingTests {
    struct Refusal: CustomTestStringConvertible, Sendable {
        let text: String
        let line: Int32
        let column: Int32
        let code: CedarError.Code

        init(_ text: String, at line: Int32, _ column: Int32, _ code: CedarError.Code = .syntax) {
            self.text = text
            self.line = line
            self.column = column
            self.code = code
        }

        var testDescription: String { text.debugDescription }
    }

    @Test(
        "takes every form the language has",
        arguments: [
            "", "   ", "//", "// x", "entity A // x\n;", "entity A; \r // x \r entity B;",
            "entity A;\u{A0}entity B;\u{2028}entity C;\u{3000}\u{85}\u{1680}\u{200A}\u{205F}",
            "entity A;", "entity A, B;", "entity A {};", "entity A = {};", "entity A {x: Long};",
            "entity A {x: Long,};", "entity A {\"x y\": Long, z?: String, \"q\"?: Bool};",
            "entity A {x ?: Long};",
            "entity B; entity A in B;", "entity A in A;", "entity A in [];",
            "entity A in [B, C]; entity B, C;",
            "entity A tags String;", "entity A {x: Long} tags Set<String>;",
            "entity A = {x: Long} tags Long;",
            "entity A tags {x: Long};", "entity A {x: Set < Set<Long> >, y: {z?: {}}};",
            "entity A enum [\"x\"];", "entity A, B enum [\"x\", \"x\"];",
            "entity E enum [\"a\nb\", \"\\u{41}\"];",
            "action a;", "action \"x y\", z;", "action g; action x in g;",
            "action g; action x in [g, \"g\"];",
            "action \"in\";", "action x attributes {};", "action __cedar;",
            "entity A; action x appliesTo {principal: A, resource: A};",
            "entity A; action x appliesTo {context: {}, resource: [A], principal: A,};",
            "entity A; action x appliesTo {principal: A, resource: A, context: {k: Long},} attributes {};",
            "type T = Long; entity A {x: T};", "type ipaddr = String;", "type T = {a: Long}; type U = T;",
            "namespace N {}", "namespace A::B { entity C; }", "namespace N { } // t",
            "namespace entity { entity namespace; }", "namespace Action { entity A; }",
            "entity entity;", "entity type;", "entity tags tags Long;", "entity enum enum [\"x\"];",
            "action appliesTo appliesTo {principal: A, resource: A}; entity A;",
            "entity A {type: Long, entity: Long, action: Long, Set: Long, Long: Set<Long>, __cedar: Long};",
            "@doc(\"x\") entity A;", "@doc entity A;", "@if @__cedar entity A;",
            "@doc(\"x\") namespace N { @a entity A { @b(\"c\") x: Long }; @d action q; @e type T = Long; }",
        ]
    )
    func accepted(text: String) throws { _ = try CedarSchema(parsing: text) }

    static let refusals = [
        Refusal("entity A", at: 1, 9),
        Refusal("entity A {x: Long}", at: 1, 19),
        Refusal("entity A;;", at: 1, 10),
        Refusal("entity A,;", at: 1, 10),
        Refusal("entity \"A\";", at: 1, 8),
        Refusal("entity Ä;", at: 1, 8),
        Refusal("entity 1A;", at: 1, 8),
        Refusal("entity in;", at: 1, 8),
        Refusal("entity if;", at: 1, 8),
        Refusal("/* c */ entity A;", at: 1, 1),
        Refusal("\u{FEFF}entity A;", at: 1, 1),
        Refusal("entity A {x: Long;};", at: 1, 18),
        Refusal("entity A { x: Long y: Long };", at: 1, 20),
        Refusal("entity A {a: Long,,};", at: 1, 19),
        Refusal("entity A {,};", at: 1, 11),
        Refusal("entity A {in: Long};", at: 1, 11),
        Refusal("entity A {x: Long?};", at: 1, 18),
        Refusal("entity A {a: \"x\"};", at: 1, 14),
        Refusal("entity A {x: @a Long};", at: 1, 14),
        Refusal("entity A {x: __cedar::Set<Long>};", at: 1, 26),
        Refusal("entity A {a: Set<>};", at: 1, 18),
        Refusal("type T = {a: Long};\nentity A = T;", at: 2, 12),
        Refusal("entity A tags Long {x: Long};", at: 1, 20),
        Refusal("entity A {} in B;", at: 1, 13),
        Refusal("entity A in [B,]; entity B;", at: 1, 16),
        Refusal("entity A in B, C; entity B, C;", at: 1, 14),
        Refusal("entity A enum [];", at: 1, 16),
        Refusal("entity A enum [\"x\",];", at: 1, 20),
        Refusal("entity A enum [\"x\"] tags Long;", at: 1, 21),
        Refusal("entity A in B enum [\"x\"];", at: 1, 15),
        Refusal("action if;", at: 1, 8),
        Refusal("action x in [];", at: 1, 14),
        Refusal("action g in a, h;", at: 1, 14),
        Refusal("action a in N::b;", at: 1, 17),
        Refusal("action x in \"Action\"::\"g\";", at: 1, 21),
        Refusal("action x appliesTo {};", at: 1, 21),
        Refusal("entity A; action x appliesTo {principal: A resource: A};", at: 1, 44),
        Refusal("entity A; action x appliesTo {principal: [A,], resource: A};", at: 1, 45),
        Refusal("action x attributes {a: 1};", at: 1, 22),
        Refusal("namespace N { namespace M {} }", at: 1, 15),
        Refusal("namespace N { entity A }", at: 1, 24),
        Refusal("namespace if {}", at: 1, 11),
        Refusal("@doc() entity A;", at: 1, 6),
        Refusal("@doc(\"a\") @doc(\"b\") entity A;", at: 1, 12),
        Refusal("entity A { @a @a x: Long };", at: 1, 16),
        Refusal("entity E enum [\"a", at: 1, 16),
        Refusal("entity E enum [\"a\rb\"];", at: 1, 16),
        Refusal("entity E enum [\"\\\n\"];", at: 1, 16),
        Refusal("entity E enum [\"\\*\"];", at: 1, 16),
        Refusal("entity E enum [\"\\q\"];", at: 1, 16),
        Refusal("entity E enum [\"\\x80\"];", at: 1, 16),
        Refusal("entity E enum [\"\\u{d800}\"];", at: 1, 16),
        Refusal("entity Äpfel;", at: 1, 8),
        Refusal("entity A {\"ä\": Long;};", at: 1, 20),
    ]

    @Test("names the place of a mistake", arguments: refusals)
    func refused(refusal: Refusal) throws {
        let error = #expect(throws: CedarError.self) { _ = try CedarSchema(parsing: refusal.text) }
        #expect(error?.code == refusal.code)
        #expect(error?.position == SourcePosition(line: refusal.line, column: refusal.column))
    }

    @Test("names what it expected and what it found")
    func message() {
        let error = #expect(throws: CedarError.self) { _ = try CedarSchema(parsing: "entity A {x Long};") }
        #expect(error?.description == "1:13: expected `:`, found `Long`")
    }

    @Test("of attributes stated twice the last counts, and a remark is kept")
    func statedTwice() throws {
        let schema = try CedarSchema(parsing: "entity A {x: Nowhere, \"\\x78\"?: Long};")
        let attributes = schema.entityTypes[CedarName(checked: "A")]?.attributes.attributes
        #expect(attributes == [.init("x", .long, isRequired: false)])
        #expect(schema.remarks.map(\.position) == [SourcePosition(line: 1, column: 23)])
    }
}
