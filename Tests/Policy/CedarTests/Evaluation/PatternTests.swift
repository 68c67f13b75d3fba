// SPDX-License-Identifier: EUPL-1.2
// Torhaus: like, against a slow matcher that is obviously right.

import Testing

@testable import Cedar

@Suite("Patterns")
struct PatternTests {
    @Test("the quick matcher agrees with the obvious one")
    func agrees() {
        var random = Numbers(seed: 11)
        for _ in 0..<20_000 {
            let pattern = CedarPattern(
                (0..<Int.random(in: 0...6, using: &random)).map { _ in
                    [.wildcard, .scalar("a"), .scalar("b"), .scalar("*")][
                        Int.random(in: 0..<4, using: &random)
                    ]
                }
            )
            let letters = (0..<Int.random(in: 0...7, using: &random)).map { _ in
                ["a", "b", "*"][Int.random(in: 0..<3, using: &random)] as Unicode.Scalar
            }
            let text = String(String.UnicodeScalarView(letters))
            #expect(pattern.matches(text) == Self.obvious(pattern.elements[...], letters[...]))
        }
    }

    private static func obvious(
        _ pattern: ArraySlice<CedarPattern.Element>,
        _ text: ArraySlice<Unicode.Scalar>
    ) -> Bool {
        switch pattern.first {
        case nil: text.isEmpty
        case .wildcard:
            obvious(pattern.dropFirst(), text) || (!text.isEmpty && obvious(pattern, text.dropFirst()))
        case .scalar(let scalar): text.first == scalar && obvious(pattern.dropFirst(), text.dropFirst())
        }
    }

    @Test("forty wildcards over a long text come to an end")
    func hostile() {
        let pattern = CedarPattern(
            Array(repeating: [.wildcard, .scalar("a")], count: 40).flatMap { $0 } + [.scalar("b")]
        )
        #expect(!pattern.matches(String(repeating: "a", count: 3_000)))
    }

    @Test("an escaped star is a star, every other star a wildcard")
    func stars() throws {
        #expect(
            try expression(#""a" like "\u{2a}""#).kind
                == .like(try expression("\"a\""), CedarPattern([.wildcard]))
        )
        #expect(
            try expression(#""a" like "a\\*\*""#).kind
                == .like(
                    try expression("\"a\""),
                    CedarPattern([.scalar("a"), .scalar("\\"), .wildcard, .scalar("*")])
                )
        )
    }
}
