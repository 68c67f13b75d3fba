// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the parser takes, what it refuses, and where it says the mistake is.

import Testing

@testable import Cedar

@Suite("The parser")
struct ParserTests {
    struct Refusal: CustomTestStringConvertible, Sendable {
        let text: String
        let place: String
        let says: String

        init(_ text: String, _ place: String, _ says: String) {
            self.text = text
            self.place = place
            self.says = says
        }

        var testDescription: String { text }
    }

    static let refusals = [
        Refusal("permit(principal,action,resource)", "1:34", "expected when, unless or ;"),
        Refusal("Permit(principal,action,resource);", "1:1", "expected permit or forbid"),
        Refusal("permit(principal,action);", "1:24", "expected ,"),
        Refusal("permit(action,principal,resource);", "1:8", "expected principal, found \"action\""),
        Refusal("permit(principal: User,action,resource);", "1:17", "types are not written with a colon"),
        Refusal(
            "permit(principal != User::\"a\",action,resource);",
            "1:18",
            "a scope knows only ==, in and is"
        ),
        Refusal("permit(principal,action == User::\"a\",resource);", "1:28", "is not an action"),
        Refusal("permit(principal,action is Action,resource);", "1:25", "only be bound by == and in"),
        Refusal("permit(principal,action,resource,context);", "1:34", "the scope ends after resource"),
        Refusal("permit(principal,action,resource) when {};", "1:35", "the condition is empty"),
        Refusal("@a @a permit(principal,action,resource);", "1:4", "stands here twice"),
        Refusal("permit(principal,action,resource)\nwhen {\n  1 < 2 < 3 };", "3:9", "relations do not chain"),
        Refusal("permit(principal,action,resource) when { grün };", "1:44", "has no meaning"),
        Refusal("permit(principal,action,resource) when { \"ü\" == 'a' };", "1:49", "has no meaning"),
        Refusal("permit(principal,action,resource) when { \"a };", "1:42", "without closing quotation mark"),
        Refusal("permit(principal,action,resource) when { \"\\q\" };", "1:42", "is not known"),
        Refusal("permit(principal,action,resource) when { {a:1,\"a\":2} };", "1:47", "stands here twice"),
        Refusal("permit(principal,action,resource) when { nobody };", "1:42", "is no variable"),
        Refusal("permit(principal,action,resource) when { 5 / 2 };", "1:44", "no division"),
        Refusal("permit(principal,action,resource) when { 1 = 1 };", "1:44", "= has no meaning"),
        Refusal("permit(principal,action,resource) when { principal.if };", "1:52", "if is reserved"),
        Refusal(
            "permit(principal,action,resource) when { a::__cedar::\"x\" };",
            "1:45",
            "__cedar is reserved"
        ),
        Refusal("permit(principal,action,resource) when { 9223372036854775808 };", "1:42", "too large"),
        Refusal(
            "permit(principal,action,resource) when { isIpv4(context.ip) };",
            "1:42",
            "is not a function"
        ),
        Refusal("permit(principal,action,resource) when { \"1.1.1.1\".ip() };", "1:52", "is not a method"),
        Refusal("permit(principal,action,resource) when { [1].contains() };", "1:46", "takes one argument"),
        Refusal(
            "permit(principal,action,resource) when { ?principal == 1 };",
            "1:42",
            "only stand in a scope"
        ),
        Refusal("permit(principal,action,resource) when { !!!!!true };", "1:46", "more than 4 !"),
    ]

    @Test("a refusal says what is wrong and where", arguments: refusals)
    func refuses(_ refusal: Refusal) {
        let error = #expect(throws: CedarError.self) { try CedarPolicySet(parsing: refusal.text) }
        #expect(error?.position?.description == refusal.place)
        #expect(error?.message.contains(refusal.says) == true, "\(error?.description ?? "no error")")
    }

    @Test("policies are numbered by position, templates included")
    func numbers() throws {
        let set = try CedarPolicySet(
            parsing: """
                permit(principal, action, resource);
                permit(principal == ?principal, action, resource);
                forbid(principal, action, resource);
                """
        )
        #expect(set.policies.map(\.id) == ["policy0", "policy2"])
        #expect(set.templates.map(\.policy.id) == ["policy1"])
    }

    @Test("the last dash before a bare number is its sign")
    func dashes() throws {
        #expect(try expression("-9223372036854775808").kind == .literal(.long(.min)))
        guard case .negate(let inner) = try expression("--5").kind else {
            Issue.record("two dashes are no negation")
            return
        }
        #expect(inner.kind == .literal(.long(-5)))
        guard case .negate(let attribute) = try expression("-5.a").kind else {
            Issue.record("the dash was taken for a sign")
            return
        }
        #expect(attribute.kind == .getAttribute(try expression("5"), "a"))
    }

    @Test("a path right of has stays one node")
    func path() throws {
        #expect(
            try expression("principal has a.b.c").kind
                == .hasAttribute(CedarExpression(.variable(.principal), at: .start), ["a", "b", "c"])
        )
    }

    @Test("every node knows where it begins")
    func positions() throws {
        let tree = try expression("true &&\n  context.k == 1")
        guard case .and(let parts) = tree.kind else {
            Issue.record("no conjunction")
            return
        }
        #expect(parts.map(\.position.description) == ["1:42", "2:3"])
    }

    @Test("annotations keep their order, their value and whether they had one")
    func annotations() throws {
        let set = try CedarPolicySet(parsing: "@if(\"ü\\n\") @b @c(\"\") permit(principal,action,resource);")
        let notes = try #require(set.policies.first?.annotations)
        #expect(notes.map(\.name) == ["if", "b", "c"])
        #expect(notes.map(\.value) == ["ü\n", "", ""])
        #expect(notes.map(\.isBare) == [false, true, false])
    }
}

/// The body of the only condition.
func expression(_ text: String) throws -> CedarExpression {
    let set = try CedarPolicySet(parsing: "permit(principal,action,resource) when { \(text) };")
    return try #require(set.policies.first?.conditions.first).body
}
