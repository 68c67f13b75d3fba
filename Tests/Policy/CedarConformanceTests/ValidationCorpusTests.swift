// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what our validator says against what the official one says.

import Testing

@testable import Cedar

@Suite("The corpora, validation")
struct ValidationCorpusTests {
    static let archives = ["cedar-corpus-dev.zip", "cedar-gw-dev.zip"]

    @Test("every policy, entity and request is valid or not as officially", arguments: archives)
    func archive(_ file: String) throws {
        guard Corpus.isPresent else { return }
        var count = ConformanceCount()
        for json in try Corpus.lines(inArchive: file) { ValidationCase.check(json, into: &count) }
        print(count.report("validation, \(file)"))
        let isPerfect = count.isPerfect
        #expect(isPerfect)
    }

    @Test("the hand-written cases are valid as officially")
    func handwritten() throws {
        guard Corpus.isPresent else { return }
        let archive = "handwritten.zip"
        var count = ConformanceCount()
        for path in try Corpus.paths(inArchive: archive)
        where path.hasPrefix("tests/") && path.hasSuffix(".json") {
            let json = try CedarJSONReader.read(try Corpus.text(path, inArchive: archive))
            let text = { (key: CedarText) in
                try Corpus.text(try #require(json[key]?.string).string, inArchive: archive)
            }
            let whole: CedarJSON = [
                "name": .string(CedarText(path)), "policies": .string(CedarText(try text("policies"))),
                "schema": .string(CedarText(try text("schema"))),
                "entities": try CedarJSONReader.read(try text("entities")),
                "shouldValidate": try #require(json["shouldValidate"]),
                "requests": try #require(json["requests"]),
            ]
            ValidationCase.check(whole, into: &count)
        }
        print(count.report("validation, hand-written"))
        let isPerfect = count.isPerfect
        #expect(isPerfect)
    }

    @Test("every schema means what its official translation to JSON says")
    func schemas() throws {
        guard Corpus.isPresent else { return }
        var official: [CedarText: CedarJSON] = [:]
        for line in try Corpus.lines(inArchive: "cedar-json-schemas.zip") {
            if let name = line["name"]?.string { official[name] = line["value"] }
        }
        var count = ConformanceCount()
        for json in try Corpus.lines(inArchive: "cedar-corpus-dev.zip") {
            let name = try #require(json["name"]?.string)
            guard let translation = official[name] else { continue }
            do {
                let schema = try CedarSchema(parsing: try #require(json["schema"]?.string).string)
                count.compare(name.string, "schema", SchemaJSON(schema).isOfficial(translation))
            } catch {
                count.fail(name.string, "\(error)")
            }
        }
        print(count.report("schemas"))
        let isPerfect = count.isPerfect
        #expect(isPerfect)
    }
}

/// One case of a corpus with the verdicts of validation.
enum ValidationCase {
    static func check(_ json: CedarJSON, into count: inout ConformanceCount) {
        let name = json["name"]?.string?.string ?? ""
        do {
            let schema = try CedarSchema(parsing: try #require(json["schema"]?.string).string)
            let set = try CedarPolicySet(parsing: try #require(json["policies"]?.string).string)
            let isTrivial = set.isTrivial
            let errors = schema.validate(set).errors
            let isValid = json["shouldValidate"] == .bool(errors.isEmpty)
            count.compare(name, "policies valid or not", isTrivial: isTrivial, isValid)
            if let official = json["strictErrorPolicies"]?.array {
                let ours = errors.compactMap { error -> CedarJSON? in
                    guard case .policy(let id) = error.subject else { return nil }
                    return .string(id)
                }
                count.compare(name, "which policies are not valid", Set(ours) == Set(official))
            }
            let stated = try CedarEntityReader.entities(try #require(json["entities"]), schema: schema)
            let isConforming = schema.validate(try EntityStore(stated)).isEmpty
            count.compare(name, "entities conform", isTrivial: stated.isEmpty, isConforming)
            for request in json["requests"]?.array ?? [] {
                let asked = try CedarRequestReader.request(request, schema: schema)
                let isConforming = schema.validate(asked).isEmpty
                count.compare(name, "requests conform", isTrivial: asked.context.isEmpty, isConforming)
            }
        } catch {
            count.fail(name, "\(error)")
        }
    }
}
