// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of the bounds on schemas.

import Cedar
import Testing

@Suite("Schema bounds")
struct SchemaLimitsTests {
    private func code(of text: String) -> CedarError.Code? {
        do throws(CedarError) {
            _ = try CedarSchema(parsing: text)
            return nil
        } catch {
            return error.code
        }
    }

    private func nested(_ levels: Int, _ open: String, _ close: String) -> String {
        let inner =
            String(repeating: open, count: levels - 1) + "Long" + String(repeating: close, count: levels - 1)
        return "type T = \(inner);"
    }

    @Test("a type may have so many levels and no more", arguments: [("Set<", ">"), ("{a: ", "}")])
    func depth(brackets: (open: String, close: String)) {
        #expect(code(of: nested(SchemaLimits.typeDepth, brackets.open, brackets.close)) == nil)
        #expect(code(of: nested(SchemaLimits.typeDepth + 1, brackets.open, brackets.close)) == .limit)
        #expect(code(of: nested(100_000, brackets.open, brackets.close)) == .limit)
    }

    @Test("levels count through common types")
    func depthOfCommonTypes() {
        let types = (0..<59).map { "type T\($0) = Set<T\($0 + 1)>;" }.joined()
        #expect(code(of: types + "type T59 = Long;") == nil)
        #expect(code(of: types + "type T59 = Set<Long>;") == .limit)
    }

    @Test("a chain of names may be so long and no longer")
    func aliases() {
        let chain = { (count: Int) in
            (0..<count).map { "type T\($0) = T\($0 + 1);" }.joined() + "type T\(count) = Long;"
        }
        #expect(code(of: chain(SchemaLimits.aliases)) == nil)
        #expect(code(of: chain(SchemaLimits.aliases + 1)) == .limit)
        #expect(code(of: chain(1_500)) == .limit)
    }

    @Test("a few lines cannot mean billions of parts")
    func doubling() {
        let types = { (count: Int) in
            (0..<count).map { "type T\($0) = {a: T\($0 + 1), b: T\($0 + 1)};" }.joined()
                + "type T\(count) = Long;"
        }
        #expect(code(of: types(12)) == nil)
        #expect(code(of: types(40)) == .limit)
    }

    @Test("there may be so many types, actions and combinations and no more")
    func counts() {
        let list = { (word: String, count: Int) in
            word + " " + (0..<count).map { "n\($0)" }.joined(separator: ", ") + ";"
        }
        #expect(code(of: list("entity", SchemaLimits.types)) == nil)
        #expect(code(of: list("entity", SchemaLimits.types + 1)) == .limit)
        #expect(code(of: list("action", SchemaLimits.actions)) == nil)
        #expect(code(of: list("action", SchemaLimits.actions + 1)) == .limit)
        let all = (0..<257).map { "n\($0)" }.joined(separator: ", ")
        let applied = "action a appliesTo {principal: [\(all)], resource: [\(all)]};"
        #expect(code(of: list("entity", 257) + applied) == .limit)
    }

    @Test("the text may be so long and no longer")
    func length() {
        #expect(code(of: String(repeating: " ", count: CedarLimits.text)) == nil)
        #expect(code(of: String(repeating: " ", count: CedarLimits.text + 1)) == .limit)
    }

    @Test("a schema cut off anywhere is refused or means less, never more")
    func truncated() throws {
        let text =
            "@a(\"b\") namespace N { entity A in [A] {x?: Set<Long>} tags T; type T = {\"é\": Bool}; }"
            + " action a, \"b\" in [g] appliesTo {principal: N::A, resource: [N::A], context: {}}; action g;"
        let bytes = Array(text.utf8)
        for count in 0..<bytes.count {
            let part = String(decoding: bytes.prefix(count), as: UTF8.self)
            if let schema = try? CedarSchema(parsing: part) { #expect(schema.actions.isEmpty) }
        }
        #expect(try CedarSchema(parsing: text).actions.count == 3)
    }
}
