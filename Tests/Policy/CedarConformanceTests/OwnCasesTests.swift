// SPDX-License-Identifier: EUPL-1.2
// Torhaus: our own cases, which every clone can run; Scripts/cedar-oracle.py has written them.

import Testing

@testable import Cedar

@Suite("Our own cases")
struct OwnCasesTests {
    @Test("every decision, reason, error, validation and policy JSON is the official one")
    func cases() throws {
        let lines = try Corpus.fixtureLines("cases.jsonl")
        let schema = try #require(lines.first?["schema"])
        var count = ConformanceCount()
        for line in lines.dropFirst() {
            let members = try #require(line.members) + [CedarJSON.Member("schema", schema)]
            let one = try ConformanceCase(.object(members))
            one.check(into: &count)
            let answer = CedarBatch().answer(.object(members))
            count.compare(one.name, "validation", answer["validates"] == line["shouldValidate"])
            count.compare(one.name, "readable", answer["error"] == nil)
        }
        print(count.report("our own cases"))
        let isPerfect = count.isPerfect
        #expect(isPerfect)
        #expect(250 <= lines.count)
    }
}
