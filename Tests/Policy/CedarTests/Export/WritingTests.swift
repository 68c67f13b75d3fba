// SPDX-License-Identifier: EUPL-1.2
// Torhaus: how policies are written, with parentheses only where they are needed.

import Testing

@testable import Cedar

@Suite("Writing Cedar")
struct WritingTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let read: String
        let written: String

        init(_ read: String, _ written: String? = nil) {
            self.read = read
            self.written = written ?? read
        }

        var testDescription: String { read }
    }

    static let cases = [
        Case("((true))", "true"), Case("(1+2)*3", "(1 + 2) * 3"), Case("1+(2*3)", "1 + 2 * 3"),
        Case("1-(2-3)", "1 - (2 - 3)"), Case("(1-2)-3", "1 - 2 - 3"),
        Case("(true&&false)||true", "true && false || true"),
        Case("true&&(false||true)", "true && (false || true)"),
        Case("true&&(false&&true)", "true && (false && true)"),
        Case("(1<2)==true", "(1 < 2) == true"), Case("-5"), Case("--5", "-(-5)"), Case("-(5)"),
        Case("(-5).a"),
        Case("-principal.n"), Case("!principal.n"), Case("!(principal has n)"), Case("!!true", "!(!true)"),
        Case("(if true then 1 else 2) + 1"), Case("if true then 1 else 2 + 1"), Case("principal[\"a b\"].c"),
        Case("principal[\"c\"]", "principal.c"), Case("principal[\"if\"]"), Case("principal has \"if\""),
        Case("principal has \"a\"", "principal has a"), Case("principal has a.b.c"),
        Case("{\"a\":1,\"in\":2,\"b c\":[]}", "{a: 1, \"in\": 2, \"b c\": []}"),
        Case("principal is A::B in [G::\"g\",]", "principal is A::B in [G::\"g\"]"),
        Case("\"\\u{41}\\x0a\\u{301}*\" like \"a\\**\\\\*\"", "\"A\\n\\u{301}*\" like \"a\\**\\\\*\""),
        Case("[1].containsAny([2]).isEmpty()"),
        Case("ip(\"::1\").isInRange(ip(\"::/0\"),)", "ip(\"::1\").isInRange(ip(\"::/0\"))"),
        Case("U::\"\\\"\\0\".getTag(\"t\")"),
        Case("(principal in action) == context.x", "(principal in action) == context.x"),
    ]

    @Test("an expression is written so that it is read as the same", arguments: cases)
    func expressions(_ one: Case) throws {
        let tree = try expression(one.read)
        #expect(tree.text == one.written)
        #expect(try expression(tree.text) == tree)
    }

    @Test("a policy has a line for each note, the scope and each condition")
    func policy() throws {
        let text = """
            @id("a\\"b")
            @bare
            forbid (principal is A::U in G::"g", action in [Action::"x", Action::"y"], resource == R::"r")
            when { context.k == 1 }
            unless { false };

            """
        let set = try CedarPolicySet(parsing: text)
        #expect(set.text == text)
    }

    @Test("folded values are written as the calls that make them")
    func folded() throws {
        for text in [
            "datetime(\"2024-02-29T00:00:00.000Z\")", "ip(\"10.0.0.0/8\")", "decimal(\"1.5000\")",
            "duration(\"1h\")",
        ] {
            #expect(try expression(text).folded.text == text)
        }
        #expect(try expression("[ip(\"x\")]").folded.text == "[ip(\"x\")]")
    }
}
