// SPDX-License-Identifier: EUPL-1.2
// Torhaus: submitted forms.

import Testing

@testable import Portal

@Suite("a submitted form")
struct FormBodyTests {
    @Test("is decoded")
    func decodes() throws {
        let form = try FormBody("username=anna+gro%C3%9F&csrf=&answer-0=%00%ff&flag".utf8)
        #expect(form.text("username") == "anna groß")
        #expect(form.bytes("answer-0") == [0, 0xFF])
        #expect(form.text("answer-0") == nil)
        #expect(form.bytes("csrf") == [])
        #expect(form.bytes("flag") == [])
        #expect(form.bytes("other") == nil)
    }

    struct Bad: CustomTestStringConvertible, Sendable {
        let body: String
        let problem: FormBody.Problem

        var testDescription: String { String(body.prefix(20)) }
    }

    static let bad = [
        Bad(body: "a=1&a=2", problem: .repeatedField),
        Bad(body: "a=%", problem: .badEncoding),
        Bad(body: "a=%4", problem: .badEncoding),
        Bad(body: "a=%zz", problem: .badEncoding),
        Bad(body: "%ff=1", problem: .badEncoding),
        Bad(body: (0...32).map { "f\($0)=1" }.joined(separator: "&"), problem: .tooManyFields),
    ]

    @Test("is refused when it can be understood in two ways or not at all", arguments: bad)
    func refuses(_ one: Bad) {
        #expect(throws: one.problem) { try FormBody(one.body.utf8) }
    }

    @Test("never traps, whatever the bytes")
    func anything() {
        var state: UInt64 = 42
        for _ in 0..<2000 {
            let bytes: [UInt8] = (0..<40).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Array("ab%&=+0\u{0}f".utf8)[Int(state >> 33) % 9]
            }
            _ = try? FormBody(bytes)
        }
    }

    @Test("gives no control characters as text")
    func controls() throws {
        let form = try FormBody("a=x%0Ay&b=x%C2%85y&c=ok".utf8)
        #expect(form.text("a") == nil)
        #expect(form.text("b") == nil)
        #expect(form.text("c") == "ok")
    }

    @Test("forgets its values")
    func erases() throws {
        var form = try FormBody("answer-0=geheim".utf8)
        form.erase()
        #expect(form.bytes("answer-0") == [])
    }
}
