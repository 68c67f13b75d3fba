// SPDX-License-Identifier: EUPL-1.2
// Torhaus: our answers against those of the official engine.

import Testing

@testable import Cedar

@Suite("The corpora")
struct CorpusTests {
    struct Archive: CustomTestStringConvertible, Sendable {
        let file: String
        let title: String
        let atLeast: Int

        var testDescription: String { title }
    }

    static let archives = [
        Archive(file: "cedar-corpus-dev.zip", title: "official corpus", atLeast: 5_000),
        Archive(file: "cedar-gw-dev.zip", title: "many policies", atLeast: 700),
    ]

    @Test("every decision, reason, error and policy JSON is the official one", arguments: archives)
    func archive(_ archive: Archive) throws {
        guard Corpus.isPresent else { return }
        let cases = try Corpus.lines(inArchive: archive.file)
        #expect(archive.atLeast <= cases.count)
        var count = ConformanceCount()
        for json in cases { try ConformanceCase(json).check(into: &count) }
        print(count.report(archive.title))
        let isPerfect = count.isPerfect
        #expect(isPerfect)
    }

    @Test("the hand-written cases are decided as officially")
    func handwritten() throws {
        guard Corpus.isPresent else { return }
        let archive = "handwritten.zip"
        let paths = try Corpus.paths(inArchive: archive)
        var count = ConformanceCount()
        for path in paths where path.hasPrefix("tests/") && path.hasSuffix(".json") {
            let json = try CedarJSONReader.read(try Corpus.text(path, inArchive: archive))
            var members = [CedarJSON.Member("name", .string(CedarText(path)))]
            for (key, isJSON) in [("policies", false), ("schema", false), ("entities", true)] {
                let file = try #require(json[CedarText(key)]?.string)
                let text = try Corpus.text(file.string, inArchive: archive)
                let value = isJSON ? try CedarJSONReader.read(text) : .string(CedarText(text))
                members.append(CedarJSON.Member(CedarText(key), value))
            }
            members.append(CedarJSON.Member("requests", try #require(json["requests"])))
            try ConformanceCase(.object(members)).check(into: &count)
        }
        print(count.report("hand-written"))
        let isPerfect = count.isPerfect
        #expect(isPerfect)
    }
}
