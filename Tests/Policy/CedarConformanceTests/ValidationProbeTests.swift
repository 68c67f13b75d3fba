// SPDX-License-Identifier: EUPL-1.2
// Torhaus: schemas, policies, entities and requests at the edges of validation.

import Testing

@testable import Cedar

@Suite("The probes, validation")
struct ValidationProbeTests {
    /// Where we differ on purpose; docs/policy/conformance.md says why.
    static let deviations = ["unknown(\"x\")"]

    @Test("every probe has the official outcome")
    func probes() throws {
        guard Corpus.isPresent else { return }
        try check([try Corpus.json("probes_schema.json")], "edge probes, validation")
    }

    @Test("every probe of our own has the official outcome")
    func ownProbes() throws {
        try check(try Corpus.fixtureLines("validation.jsonl"), "our edge probes, validation")
    }

    private func check(_ sets: [CedarJSON], _ title: String) throws {
        var count = ConformanceCount()
        for json in sets {
            let common = try CedarSchema(parsing: try #require(json["schema"]?.string).string)
            for probe in try #require(json["probes"]?.array) {
                guard let category = probe["cat"]?.string?.string, let ours = ours(category, probe, common)
                else {
                    continue
                }
                let official = try #require(probe["outcome"]?.string).string
                count.compare("\(probe.text) is \(ours), officially \(official)", category, ours == official)
            }
        }
        print(count.report(title))
        let isPerfect = count.isPerfect
        #expect(isPerfect)
    }

    /// Our outcome in the words of the probes; nil for probes that are not about validation.
    private func ours(_ category: String, _ probe: CedarJSON, _ common: CedarSchema) -> String? {
        let own = probe["schema"]?.string.map { try? CedarSchema(parsing: $0.string) }
        switch category {
        case "schema":
            return own.map { $0 == nil ? "error" : "ok" }
        case "validate":
            guard let text = probe["policy"]?.string?.string, let schema = own ?? common else { return nil }
            if Self.deviations.contains(where: { text.contains($0) }) { return nil }
            guard let set = try? CedarPolicySet(parsing: text) else { return "invalid" }
            return schema.validate(set).errors.isEmpty ? "valid" : "invalid"
        case "entities-schema":
            guard let json = probe["json"], let schema = own ?? common else { return nil }
            return conforms(json.string?.string ?? json.text, schema) ? "ok" : "error"
        case "request":
            guard let schema = own ?? common else { return nil }
            return conforms(probe["req"]?.array ?? [], schema) ? "Allow" : "NoDecision"
        default:
            return nil
        }
    }

    private func conforms(_ entities: String, _ schema: CedarSchema) -> Bool {
        guard let json = try? CedarJSONReader.read(entities),
            let stated = try? CedarEntityReader.entities(json, schema: schema),
            let store = try? EntityStore(stated)
        else { return false }
        return schema.validate(store).isEmpty
    }

    private func conforms(_ request: [CedarJSON], _ schema: CedarSchema) -> Bool {
        let keys: [CedarText] = ["principal", "action", "resource", "context"]
        let json = CedarJSON.object(zip(keys, request).map { CedarJSON.Member($0, $1) })
        guard let asked = try? CedarRequestReader.request(json, schema: schema) else { return false }
        return schema.validate(asked).isEmpty
    }
}
