// SPDX-License-Identifier: EUPL-1.2
// Torhaus: every line gets an answer, whatever it is.

import Testing

@testable import Cedar

@Suite("The batch form")
struct BatchTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let line: String
        let parses: CedarJSON
        let validates: CedarJSON
        let says: String?

        init(_ line: String, parses: Bool, validates: CedarJSON, says: String?) {
            self.line = line
            self.parses = .bool(parses)
            self.validates = validates
            self.says = says
        }

        var testDescription: String { line }
    }

    static let cases = [
        Case("garbage", parses: false, validates: false, says: "case: 1:1"),
        Case("[]", parses: false, validates: false, says: "policies: there are none"),
        Case(
            "{\"name\":\"n\",\"policies\":\"permit(\"}",
            parses: false,
            validates: false,
            says: "policies: 1:8"
        ),
        Case("{\"policies\":\"\"}", parses: true, validates: .null, says: nil),
        Case("{\"policies\":\"\",\"schema\":\"entity A;\"}", parses: true, validates: true, says: nil),
        Case("{\"policies\":\"\",\"schema\":\"entity\"}", parses: true, validates: false, says: "schema: "),
        Case("{\"policies\":\"\",\"schema\":1}", parses: true, validates: false, says: "schema: "),
        Case(
            "{\"policies\":\"\",\"entities\":{},\"requests\":[]}",
            parses: true,
            validates: .null,
            says: "expected an array"
        ),
    ]

    @Test("what cannot be read is answered with its error", arguments: cases)
    func answers(_ one: Case) throws {
        let answer = try CedarJSONReader.read(CedarBatch().answer(Array(one.line.utf8)))
        #expect(answer["parses"] == one.parses)
        #expect(answer["validates"] == one.validates)
        let error = answer["error"]?.string?.string
        #expect((error == nil) == (one.says == nil))
        if let says = one.says { #expect(error?.contains(says) == true, "\(error ?? "")") }
    }

    @Test("a line that is not UTF-8 is answered")
    func bytes() throws {
        let answer = try CedarJSONReader.read(CedarBatch().answer([0x7b, 0xff, 0x7d]))
        #expect(answer["parses"] == false)
    }

    @Test("policy JSON that would grow without bound is left out")
    func largeJSON() throws {
        var text = "principal"
        for _ in 0..<80 { text = "(if \(text) has a.b then principal else principal)" }
        let asked: CedarJSON = [
            "policies": .string(CedarText("permit(principal,action,resource) when { \(text) has a };"))
        ]
        let answer = CedarBatch().answer(asked)
        #expect(answer["parses"] == true)
        #expect(answer["est"] == .null)
    }

    @Test("one bad request does not spoil the others")
    func requests() throws {
        let line = """
            {"name":"n","policies":"permit(principal,action,resource) when {context.k == 1};","entities":[],"requests":[
            {"principal":"U::\\"a\\"","action":"Action::\\"x\\"","resource":"R::\\"r\\"","context":{"k":1}},
            {"principal":1},
            {"principal":"U::\\"a\\"","action":"Action::\\"x\\"","resource":"R::\\"r\\""}]}
            """
        let answer = try CedarJSONReader.read(CedarBatch().answer(Array(line.utf8)))
        let results = try #require(answer["results"]?.array)
        #expect(results.map { $0["decision"] } == ["allow", "deny", "deny"])
        #expect(results.map { $0["error"] == nil } == [true, false, true])
        #expect(results.last?["errors"] == ["policy0"])
        #expect(answer["name"] == "n")
    }
}
