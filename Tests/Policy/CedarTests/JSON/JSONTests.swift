// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what is JSON here, and what JSON becomes.

import Testing

@testable import Cedar

@Suite("JSON")
struct JSONTests {
    private static let accepted = [
        "null", " [ ] ", "{}", "[1,-1,0]", "9223372036854775807", "-9223372036854775808",
        "\"\\u00e9\\ud83d\\ude00\\/\"",
        "{\"a\":{\"b\":[true,false]}}", "1.5", "1e9", "-0", "9223372036854775808", "\"\u{7f}ü\"",
    ]

    @Test("JSON is read", arguments: accepted)
    func reads(_ text: String) throws { _ = try CedarJSONReader.read(text) }

    private static let refused = [
        "", " ", "nul", "truee", "[1,]", "[,]", "{,}", "{\"a\":1,}", "{a:1}", "{\"a\" 1}", "01", "-", "+1",
        ".5", "1.", "1e",
        "1e+", "\"", "\"\\\"", "\"\\x41\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"\\u12g4\"",
        "\"a\nb\"",
        "[1] 2", "{\"a\":1,\"a\":1}", "{\"a\":1,\"\\u0061\":2}", "[1", "{\"a\":", "\u{feff}1", "'a'", "NaN",
        "// a\n1",
    ]

    @Test("what is no JSON is an error with its place", arguments: refused)
    func refuses(_ text: String) {
        let error = #expect(throws: CedarError.self) { try CedarJSONReader.read(text) }
        #expect(error?.code == .json)
        #expect(error?.position != nil)
    }

    @Test("numbers that are no 64-bit integers are kept apart")
    func numbers() throws {
        #expect(try CedarJSONReader.read("-9223372036854775808") == .integer(.min))
        for text in ["1.0", "-0", "9223372036854775808", "1e2"] {
            #expect(try CedarJSONReader.read(text) == .otherNumber(text))
        }
    }

    @Test("depth has a bound", arguments: ["[", "{\"a\":"])
    func depth(_ open: String) {
        let error = #expect(throws: CedarError.self) {
            try CedarJSONReader.read(String(repeating: open, count: 100_000))
        }
        #expect(error?.code == .limit)
    }

    @Test("an error names line and column")
    func place() {
        let error = #expect(throws: CedarError.self) { try CedarJSONReader.read("{\n  \"ü\": x\n}") }
        #expect(error?.position == SourcePosition(line: 2, column: 8))
    }

    @Test("what is written is read as it was")
    func written() throws {
        let value: CedarJSON = ["a\"\\\n\u{1}ü": [.null, true, .integer(-5), "x"], "b": [:], "c": []]
        #expect(try CedarJSONReader.read(value.text) == value)
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let json: String
        let expected: CedarType?
        let value: CedarValue?

        init(_ json: String, as expected: CedarType? = nil, _ value: CedarValue?) {
            self.json = json
            self.expected = expected
            self.value = value
        }

        var testDescription: String { json }
    }

    static let values = [
        Case("1", .long(1)), Case("1.0", nil), Case("null", nil), Case("-0", nil),
        Case("9223372036854775808", nil),
        Case("{\"__entity\":{\"type\":\"A::B\",\"id\":\"x\"}}", .entity(uid("A::B", "x"))),
        Case("{\"__entity\":{\"type\":\"A ::B\",\"id\":\"x\"}}", nil), Case("{\"__entity\":\"A::x\"}", nil),
        Case("{\"__entity\":{\"type\":\"A\",\"id\":\"x\"},\"y\":1}", nil), Case("{\"__expr\":\"1\"}", nil),
        Case("{\"__extn\":{\"fn\":\"decimal\",\"arg\":\"1.0\"}}", .decimal(CedarDecimal(scaled: 10_000))),
        Case("{\"__extn\":{\"fn\":\"nope\",\"arg\":\"1.0\"}}", nil), Case("{\"__extn\":\"x\"}", nil),
        Case(
            "{\"__extn\":{\"fn\":\"offset\",\"args\":[{\"__extn\":{\"fn\":\"datetime\",\"arg\":\"1970-01-01\"}},"
                + "{\"__extn\":{\"fn\":\"duration\",\"arg\":\"1s\"}}]}}",
            .datetime(CedarDatetime(milliseconds: 1_000))
        ),
        Case("\"1s\"", as: .duration, .duration(CedarDuration(milliseconds: 1_000))),
        Case("\"nope\"", as: .duration, nil), Case("\"1s\"", .string("1s")),
        Case(
            "{\"fn\":\"duration\",\"arg\":\"1s\"}",
            as: .duration,
            .duration(CedarDuration(milliseconds: 1_000))
        ),
        Case("{\"type\":\"U\",\"id\":\"a\"}", as: .entity(CedarName(checked: "U")), .entity(uid("U", "a"))),
        Case(
            "[\"1s\",\"1000ms\"]",
            as: .set(.duration),
            .set(CedarSet([.duration(CedarDuration(milliseconds: 1_000))]))
        ),
        Case("{\"a\":1}", .record(CedarRecord(["a": .long(1)]))),
    ]

    @Test("values are read, with and without a type that is expected", arguments: values)
    func value(_ one: Case) throws {
        let json = try CedarJSONReader.read(one.json)
        let value = try? CedarValueReader.value(json, expected: one.expected)
        #expect(value == one.value)
    }

    @Test("values come back from the JSON that is written for them")
    func valuesWritten() throws {
        let value = CedarValue.record(
            CedarRecord([
                "e": .entity(uid("A::B", "x\"")), "i": .ip(try #require(CedarIPAddress("10.0.0.1/8"))),
                "t": .datetime(CedarDatetime(milliseconds: .min)),
                "n": .datetime(CedarDatetime(milliseconds: -1)),
                "d": .duration(CedarDuration(milliseconds: .min)), "p": .decimal(CedarDecimal(scaled: -1)),
                "s": .set(CedarSet([.long(1), .bool(true)])),
            ])
        )
        #expect(try CedarValueReader.value(try CedarJSONReader.read(value.json.text)) == value)
    }

    @Test("requests name entities as objects or as text")
    func requests() throws {
        let json = try CedarJSONReader.read(
            "{\"principal\":\"A::U::\\\"a\\\\\\\"b\\\"\",\"action\":{\"type\":\"Action\",\"id\":\"x\"},"
                + "\"resource\":{\"__entity\":{\"type\":\"R\",\"id\":\"r\"}},\"context\":{\"k\":1}}"
        )
        let request = try CedarRequestReader.request(json)
        #expect(request.principal == uid("A::U", "a\"b"))
        #expect(request.resource == uid("R", "r"))
        #expect(request.context["k"] == .long(1))
        for bad in ["{}", "{\"principal\":\"A\",\"action\":\"B\",\"resource\":\"C\"}"] {
            let error = #expect(throws: CedarError.self) {
                try CedarRequestReader.request(try CedarJSONReader.read(bad))
            }
            #expect(error?.code == .request)
        }
    }
}
