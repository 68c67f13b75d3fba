// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of what names in schemas stand for.

import Cedar
import Testing

@Suite("Schema names")
struct SchemaResolutionTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let text: String
        /// The type of the attribute `x` of the entity type `A` or `N::A`; nil when the schema is refused.
        let type: CedarType?
        var testDescription: String { text.debugDescription }

        init(_ text: String, _ type: CedarType?) {
            self.text = text
            self.type = type
        }
    }

    static func entity(_ name: CedarText) -> CedarType { .entity(CedarName(checked: name)) }

    static let cases = [
        Case("entity A {x: Long};", .long),
        Case("entity A {x: __cedar::Bool};", .bool),
        Case("entity A {x: ipaddr};", .ip),
        Case("entity A {x: __cedar::decimal};", .decimal),
        Case("entity A {x: Set<datetime>};", .set(.datetime)),
        Case("entity A {x: Boolean};", nil),
        Case("entity A {x: Set};", nil),
        Case("entity A {x: __cedar};", nil),
        Case("entity A {x: __cedar::Foo};", nil),
        Case("entity A {x: N::__cedar::Long};", nil),
        // A common type goes before an entity type, that before what Cedar defines.
        Case("entity Long; entity A {x: Long};", entity("Long")),
        Case("entity T; type T = String; entity A {x: T};", .string),
        Case("type ipaddr = String; entity A {x: ipaddr};", .string),
        Case("type ipaddr = String; entity A {x: __cedar::ipaddr};", .ip),
        // The own namespace goes first, then what is outside all.
        Case("namespace N { entity U; entity A {x: U}; }", entity("N::U")),
        Case("namespace N { entity U; entity A {x: N::U}; }", entity("N::U")),
        Case("entity U; namespace N { entity A {x: U}; }", entity("U")),
        Case("namespace N { entity Long; entity A {x: Long}; }", entity("N::Long")),
        Case("namespace N { type T = Long; } entity A {x: N::T};", .long),
        Case("namespace N { type T = Long; } entity A {x: T};", nil),
        Case("namespace N::M { entity U; } namespace N { entity A {x: M::U}; }", nil),
        Case(
            "namespace M { type T = U; entity U; } namespace N { entity U; entity A {x: M::T}; }",
            entity("M::U")
        ),
        // Actions have a type where there is one.
        Case("entity A {x: Action}; action a;", entity("Action")),
        Case("namespace N { entity A {x: Action}; action a; }", entity("N::Action")),
        Case("namespace N { entity A {x: Action}; } action a;", entity("Action")),
        Case("entity A {x: Action};", nil),
        Case("type Action = Long; action a; entity A {x: Action};", .long),
        Case("entity A {x: A};", entity("A")),
        Case("entity A {x: Foo};", nil),
        Case("entity A {x: Set<{a?: Foo}>};", nil),
    ]

    @Test("stand for what the language says", arguments: cases)
    func table(testCase: Case) throws {
        let schema = try? CedarSchema(parsing: testCase.text)
        let names = [CedarName(checked: "N::A"), CedarName(checked: "A")]
        let type = names.lazy.compactMap { schema?.attributeType(of: $0, "x") }.first
        #expect(type == testCase.type)
    }

    @Test(
        "refuses what contradicts itself",
        arguments: [
            "entity A; entity A;", "entity A, A;", "type T = Long; type T = Long;", "action x; action x;",
            "action x, \"x\";", "entity E enum [\"a\"]; entity E;", "namespace N { } namespace N { }",
            "namespace N { entity A; } entity A;", "type T = Long; namespace N { entity T; }",
            "entity T; namespace N { type T = Long; }", "namespace N { action x; } action x;",
            "entity Action;", "namespace N { entity Action; }", "type Long = String;", "type Boolean = Long;",
            "namespace N { type Set = Long; }", "type Record = Long;", "type Entity = Long;",
            "type Extension = Long;",
            "entity __cedar;", "type __cedar = Long;", "namespace __cedar { }", "namespace N::__cedar { }",
            "type T = T;", "type A = B; type B = A;", "type T = Set<T>;", "type T = {a: Set<{b: T}>};",
            "namespace B { type A = B::A; }", "type A = N::B; namespace N { type B = A; }",
            "entity A in B;", "entity A in A::B;", "type T = {}; entity A in T;",
            "entity A in Action; action a;",
            "action x in g;", "action x in [x];", "action a in b; action b in a;", "action a in Action;",
            "entity G; action x in G::\"g\";", "namespace N { action g; } namespace M { action x in g; }",
            "namespace N::M { action g; action x in M::Action::\"g\"; }",
            "entity A; action x appliesTo {principal: A};", "entity A; action x appliesTo {resource: A};",
            "entity A; action x appliesTo {principal: [], resource: A};",
            "entity A; action x appliesTo {principal: A, principal: A, resource: A};",
            "entity A; action x appliesTo {principal: A, resource: A, context: {}, context: {}};",
            "entity A; action x appliesTo {principal: A, resource: A, context: Long};",
            "entity A; action x appliesTo {principal: A, resource: A, context: A};",
            "entity A; action x appliesTo {principal: B, resource: A};",
            "action x appliesTo {principal: Action, resource: Action};",
        ]
    )
    func refused(text: String) {
        let error = #expect(throws: CedarError.self) { _ = try CedarSchema(parsing: text) }
        #expect(error?.code == .schema)
        #expect(error?.position != nil)
    }

    @Test("works out all groups and parents")
    func hierarchy() throws {
        let schema = try CedarSchema(
            parsing: """
                entity User in [Group] {}; entity Group in [Group, Org]; entity Org;
                action top; action mid in top; action low in [mid] appliesTo {principal: User, resource: [Org, Org]};
                namespace N { action own in [Action::"mid", "other"]; action other; }
                """
        )
        let user = schema.entityTypes[CedarName(checked: "User")]
        #expect(user?.ancestors == [CedarName(checked: "Group"), CedarName(checked: "Org")])
        let low = schema.actions[Self.action("low")]
        #expect(low?.ancestors == [Self.action("mid"), Self.action("top")])
        #expect(low?.resources == [CedarName(checked: "Org")])
        let own = schema.actions[Self.action("own", "N::Action")]
        #expect(
            own?.ancestors == [Self.action("mid"), Self.action("top"), Self.action("other", "N::Action")]
        )
        #expect(schema.actionOrder.map(\.id) == ["top", "mid", "low", "own", "other"])
    }

    @Test("names are bytes, not what Unicode takes for the same")
    func bytes() throws {
        let schema = try CedarSchema(parsing: "entity A {\"é\": Long, \"e\\u{301}\": String};")
        #expect(schema.attributeType(of: CedarName(checked: "A"), "\u{E9}") == .long)
        #expect(schema.attributeType(of: CedarName(checked: "A"), "e\u{301}") == .string)
    }

    @Test("adds the actions that a list of entities leaves out")
    func completing() throws {
        let schema = try CedarSchema(parsing: "action top; action low in top;")
        let stated = CedarEntity(uid: Self.action("top"))
        let all = schema.completing([stated])
        #expect(all == [stated, CedarEntity(uid: Self.action("low"), parents: [Self.action("top")])])
    }

    private static func action(_ id: CedarText, _ type: CedarText = "Action") -> EntityUID {
        EntityUID(type: CedarName(checked: type), id: id)
    }
}
