// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the batch form of the corpora gives the official answers too.

import Testing

@testable import Cedar

@Suite("The batch form")
struct BatchTests {
    /// Archives, and each how many-th case is asked: other tests ask all of them in another form.
    private static let archives = ["cedar-corpus-dev.zip": 8, "cedar-gw-dev.zip": 2]

    @Test("cases are answered as officially, validation included", arguments: archives)
    func archive(_ file: String, step: Int) throws {
        guard Corpus.isPresent else { return }
        let batch = CedarBatch()
        var count = ConformanceCount()
        for (number, json) in try Corpus.lines(inArchive: file).enumerated() where number % step == 0 {
            let answer = batch.answer(json)
            let name = try #require(json["name"]?.string).string
            if let error = answer["error"]?.string { count.fail(name, error.string) }
            count.compare(name, "validation", answer["validates"] == json["shouldValidate"])
            let official = try #require(json["requests"]?.array)
            let results = answer["results"]?.array ?? []
            count.compare(name, "number of results", official.count == results.count)
            for (result, request) in zip(results, official) {
                let isSame = ["decision", "reason", "errors"].allSatisfy { (key: String) in
                    result[CedarText(key)] == request[CedarText(key)] && result["error"] == nil
                }
                count.compare(name, "result", isSame)
            }
        }
        print(count.report("batch \(file)"))
        let isPerfect = count.isPerfect
        #expect(isPerfect)
    }
}
