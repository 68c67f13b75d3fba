// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tickets and references as text.

import Testing

@testable import Sessions

@Suite struct TicketTextTests {
    struct Fixed: RandomSource {
        let value: [UInt8]
        func bytes(_ count: Int) -> [UInt8] { Array(value.prefix(count)) }
    }

    static let identity: TicketHash = { $0 }

    @Test("encodes known bytes to known characters")
    func golden() {
        #expect(CrockfordBase32.encode([0x00, 0x44, 0x32, 0x14, 0xC7]) == "01234567")
        #expect(CrockfordBase32.encode([0xFF]) == "ZW")
        #expect(CrockfordBase32.encode(Array(0..<16)) == "000G40R40M30E209185GR38E1W")
        #expect(CrockfordBase32.encode([]) == "")
    }

    @Test("has 26 characters for 128 bits and finds the same bits again")
    func roundTrip() {
        let random = CountingRandom()
        for _ in 0..<200 {
            let bits = random.bytes(16)
            let text = TicketText.make(Fixed(value: bits))
            #expect(text.utf8.count == TicketText.characterCount)
            #expect(TicketText.hash(text.utf8, Self.identity) == bits)
            #expect(TicketText.hash(text.lowercased().utf8, Self.identity) == bits)
            let spoken = text.replacing("0", with: "o").replacing("1", with: "l")
            #expect(TicketText.hash(spoken.utf8, Self.identity) == bits)
        }
    }

    struct Wrong: CustomTestStringConvertible, Sendable {
        let name: String
        let text: String
        var testDescription: String { name }
    }

    @Test(
        "refuses what is no ticket",
        arguments: [
            Wrong(name: "empty", text: ""),
            Wrong(name: "one character short", text: String(repeating: "0", count: 25)),
            Wrong(name: "one character long", text: String(repeating: "0", count: 27)),
            Wrong(name: "a character outside the alphabet", text: String(repeating: "0", count: 25) + "U"),
            Wrong(name: "a dash", text: String(repeating: "0", count: 25) + "-"),
            Wrong(name: "bits beyond the 128th", text: String(repeating: "0", count: 25) + "1"),
            Wrong(name: "umlauts of the right byte count", text: String(repeating: "ä", count: 13)),
        ]
    )
    func refuses(_ wrong: Wrong) {
        #expect(TicketText.hash(wrong.text.utf8, Self.identity) == nil)
    }

    @Test("takes 128 bits from the system and never the same twice")
    func systemRandom() {
        let texts = Set((0..<1000).map { _ in TicketText.make(SystemRandomSource()) })
        #expect(texts.count == 1000)
    }

    @Test("makes references that can be typed back in any spelling")
    func references() {
        let random = CountingRandom()
        for _ in 0..<200 {
            let reference = ReasonReference.make(random)
            #expect(reference.wholeMatch(of: /R-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{2}/) != nil)
            #expect(ReasonReference.normalised(reference) == reference)
            #expect(ReasonReference.normalised(reference.lowercased()) == reference)
            #expect(
                ReasonReference.normalised(reference.replacing("-", with: " ").replacing("0", with: "O"))
                    == reference
            )
        }
        for wrong in ["", "R", "R-7F3K", "X-7F3K-Q2", "R-7F3K-Q2Z", "R-7F3K-QU", "R-7F3K-Q✓"] {
            #expect(ReasonReference.normalised(wrong) == nil, "\(wrong)")
        }
    }
}
