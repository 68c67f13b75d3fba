// SPDX-License-Identifier: EUPL-1.2
// Torhaus: moments are read as people write them.

import AccessPolicy
import Testing

@testable import PolicyTools

@Suite("Moments in words")
struct MomentTextTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let text: String
        let shown: String?

        var testDescription: String { text }
    }

    static let cases = [
        Case(text: "22:15", shown: "Wed 2026-11-25 22:15"),
        Case(text: "8:05", shown: "Thu 2026-11-26 08:05"),
        Case(text: "12:00", shown: "Wed 2026-11-25 12:00"),
        Case(text: "sat 9:00", shown: "Sat 2026-11-28 09:00"),
        Case(text: "Saturday 9:00", shown: "Sat 2026-11-28 09:00"),
        Case(text: "Sa 9:00", shown: "Sat 2026-11-28 09:00"),
        Case(text: "mi 9:00", shown: "Wed 2026-12-02 09:00"),
        Case(text: "2026-12-25 10:00", shown: "Fri 2026-12-25 10:00 (holiday)"),
        Case(text: "2026-12-25T10:00", shown: "Fri 2026-12-25 10:00 (holiday)"),
        Case(text: "2026-07-01T10:00:00Z", shown: "Wed 2026-07-01 12:00"),
        Case(text: "2026-03-29 02:30", shown: nil),
        Case(text: "2026-02-30 10:00", shown: nil),
        Case(text: "24:00", shown: nil),
        Case(text: "10:60", shown: nil),
        Case(text: "10", shown: nil),
        Case(text: "", shown: nil),
        Case(text: ":", shown: nil),
        Case(text: "someday 10:00", shown: nil),
        Case(text: "sat sun 10:00", shown: nil),
        Case(text: "٢٢:١٥", shown: nil),
        Case(text: "9223372036854775807:00", shown: nil),
        Case(text: "9999-12-31 23:59", shown: nil),
        Case(text: "1970-01-01 00:00", shown: nil),
    ]

    @Test("a text is the moment it says, or none", arguments: cases)
    func parse(_ test: Case) {
        let moment = MomentText.parse(test.text, reference: County.wednesday)
        #expect(moment.map(MomentText.text) == test.shown)
    }

    @Test("any reference and any bytes are answered", arguments: 0..<200)
    func hostile(seed: Int) {
        var numbers = SeededNumbers(seed: seed)
        let letters = Array("0123456789:- TZsatmo.+é\u{0}")
        let text = String(
            (0..<Int.random(in: 0...20, using: &numbers)).compactMap { _ in
                letters.randomElement(using: &numbers)
            }
        )
        for reference in [Int64.min, -1, 0, County.wednesday, Int64.max] {
            if let moment = MomentText.parse(text, reference: reference) {
                #expect(!MomentText.text(moment).isEmpty)
            }
        }
    }
}
