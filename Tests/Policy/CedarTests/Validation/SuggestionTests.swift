// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of "did you mean".

import Testing

@testable import Cedar

@Suite("Suggestion")
struct SuggestionTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let word: String
        let closest: String?
        var testDescription: String { word }
    }

    static let names = ["name", "age", "contractEnds", "Straße"]

    static let cases = [
        Case(word: "nmae", closest: "name"), Case(word: "nam", closest: "name"),
        Case(word: "names", closest: "name"),
        Case(word: "NAME", closest: "name"), Case(word: "contractEnd", closest: "contractEnds"),
        Case(word: "contracEnts", closest: "contractEnds"), Case(word: "Strasse", closest: "Straße"),
        Case(word: "nope", closest: nil), Case(word: "", closest: nil), Case(word: "x", closest: nil),
    ]

    @Test("is the closest name, if that is close enough", arguments: cases)
    func table(testCase: Case) {
        #expect(Suggestion.closest(to: testCase.word, among: Self.names) == testCase.closest)
    }

    @Test("is quick with hostile names")
    func long() {
        let word = String(repeating: "a", count: 100_000)
        #expect(Suggestion.closest(to: word, among: Array(repeating: word + "b", count: 1_000)) != nil)
    }
}
