// SPDX-License-Identifier: EUPL-1.2
// Torhaus: texts, sets and records compare as Cedar compares.

import Testing

@testable import Cedar

@Suite("Values")
struct TextTests {
    private let composed: CedarText = "\u{e9}"
    private let decomposed: CedarText = "e\u{301}"

    @Test("texts that only look the same are different")
    func canonicalEquivalence() {
        #expect(composed.string == decomposed.string)
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
        #expect(CedarText("\r\n") != CedarText("\n"))
        #expect(uid("U", "\u{e9}") != uid("U", "e\u{301}"))
    }

    @Test("records keep keys apart that only look the same")
    func keys() throws {
        let record = try #require(
            CedarRecord([CedarRecord.Entry(composed, .long(1)), CedarRecord.Entry(decomposed, .long(2))])
        )
        #expect(record[composed] == .long(1))
        #expect(record[decomposed] == .long(2))
        #expect(record["e"] == nil)
    }

    @Test("a record takes no key twice")
    func duplicates() {
        #expect(CedarRecord([CedarRecord.Entry("a", .long(1)), CedarRecord.Entry("a", .long(1))]) == nil)
    }

    @Test("large records find every key and no other", arguments: [0, 1, 24, 25, 300])
    func largeRecords(_ count: Int) {
        let record = CedarRecord(
            Dictionary(
                uniqueKeysWithValues: (0..<count).map { (CedarText("k\($0)"), CedarValue.long(Int64($0))) }
            )
        )
        for number in 0..<count { #expect(record[CedarText("k\(number)")] == .long(Int64(number))) }
        #expect(record["k"] == nil)
        #expect(record[CedarText("k\(count)")] == nil)
    }

    @Test("order and repetition do not count in sets", arguments: [3, 8, 9, 40])
    func sets(_ count: Int) {
        let values = (0..<count).map { CedarValue.long(Int64($0)) }
        let one = CedarSet(values)
        let other = CedarSet(values.reversed() + values)
        #expect(one == other)
        #expect(one.hashValue == other.hashValue)
        #expect(other.count == count)
        #expect(one != CedarSet(values.dropLast()))
        #expect(one.contains(.long(0)))
        #expect(!one.contains(.string("0")))
    }

    @Test("names fall into their parts")
    func names() {
        let name = CedarName(checkedPath: ["A", "B", "Action"])
        #expect(name.components == ["A", "B", "Action"])
        #expect(name.namespace == "A::B")
        #expect(name.basename == "Action")
        #expect(name.isAction)
        #expect(!CedarName(checkedPath: ["Actions"]).isAction)
        #expect(CedarName(checkedPath: ["C"]).namespace.isEmpty)
    }

    @Test("only names in their normal form are names")
    func nameSpelling() {
        for good in ["A", "A::B", "_a9::b"] { #expect(CedarName(good) != nil) }
        for bad in [
            "", "A ", " A", "A::", "::A", "A:B", "A:::B", "A::if", "__cedar", "A::__cedar", "9a", "Ä",
        ] {
            #expect(CedarName(bad) == nil, "\(bad)")
        }
    }
}
