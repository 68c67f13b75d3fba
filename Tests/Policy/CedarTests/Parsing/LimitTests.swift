// SPDX-License-Identifier: EUPL-1.2
// Torhaus: hostile texts end in an error, never in a crash.

import Testing

@testable import Cedar

@Suite("Bounds on policies")
struct LimitTests {
    struct Deep: CustomTestStringConvertible, Sendable {
        let name: String
        let open: String
        let core: String
        let close: String

        var testDescription: String { name }

        func text(_ levels: Int) -> String {
            let left = String(repeating: open, count: levels)
            let right = String(repeating: close, count: levels)
            return "permit(principal,action,resource) when { \(left)\(core)\(right) };"
        }
    }

    static let kinds = [
        Deep(name: "parentheses", open: "(", core: "true", close: ")"),
        Deep(name: "sets", open: "[", core: "1", close: "]"),
        Deep(name: "records", open: "{a:", core: "1", close: "}"),
        Deep(name: "if", open: "if true then ", core: "1", close: " else 2"),
        Deep(name: "else if", open: "if true then 1 else ", core: "2", close: ""),
        Deep(name: "negations", open: "!(", core: "true", close: ")"),
        Deep(name: "calls", open: "ip(", core: "\"::1\"", close: ")"),
    ]

    @Test("half the levels are read, seven hundred are an error", arguments: kinds)
    func levels(_ kind: Deep) throws {
        _ = try CedarPolicySet(parsing: kind.text(CedarLimits.nesting / 2))
        for levels in [700, 100_000] {
            let error = #expect(throws: CedarError.self) { try CedarPolicySet(parsing: kind.text(levels)) }
            #expect(error?.code == .limit)
        }
    }

    @Test("long chains of + and of attributes are an error, not a deep tree")
    func chains() throws {
        let sums = "1" + String(repeating: " + 1", count: 3_000) + " == 1"
        let attributes = "principal" + String(repeating: ".a", count: 3_000)
        for text in [sums, attributes] {
            let error = #expect(throws: CedarError.self) { try expression(text) }
            #expect(error?.code == .limit)
        }
        _ = try expression("1" + String(repeating: " + 1", count: 300) + " == 1")
    }

    @Test("long chains of && and || are read and stay flat")
    func logic() throws {
        let all = try expression("true" + String(repeating: " && true", count: 20_000))
        #expect(all.depth == 2)
        let any = try expression("false" + String(repeating: " || false", count: 20_000))
        #expect(any.depth == 2)
    }

    @Test("nested paths right of has take no more than a step each")
    func paths() throws {
        // Written out, each level would double the work: two to the ninetieth steps.
        var text = "principal"
        for _ in 0..<90 { text = "(if \(text) has a.b then principal else principal)" }
        let tree = try expression("\(text) has a.b")
        let request = CedarRequest(
            principal: uid("U", "a"),
            action: uid("Action", "x"),
            resource: uid("U", "b")
        )
        #expect(try CedarEvaluator(request, .empty).value(of: tree) == .bool(false))
        #expect(tree.jsonNodes == .max)
    }

    @Test("the longest text is read, one byte more is not")
    func size() {
        let text = "permit(principal,action,resource);"
        let filled = text + String(repeating: " ", count: CedarLimits.text - text.utf8.count)
        #expect(throws: Never.self) { try CedarPolicySet(parsing: filled) }
        #expect(throws: CedarError.self) { try CedarPolicySet(parsing: filled + " ") }
    }

    @Test("what is deep enough to be read can be evaluated, folded and written")
    func walks() throws {
        var text = "1"
        for _ in 0..<(CedarLimits.nesting - 10) { text = "[\(text)]" }
        let tree = try expression("\(text) == \(text)")
        let request = CedarRequest(
            principal: uid("U", "a"),
            action: uid("Action", "x"),
            resource: uid("U", "b")
        )
        let evaluator = CedarEvaluator(request, .empty)
        #expect(try evaluator.value(of: tree) == .bool(true))
        #expect(try evaluator.value(of: tree.folded) == .bool(true))
        #expect(tree.text.utf8.count < 2_000)
        #expect(tree.json.text.contains("Set"))
    }
}

func uid(_ type: String, _ id: String) -> EntityUID {
    EntityUID(type: CedarName(checked: CedarText(type)), id: CedarText(id))
}
