// SPDX-License-Identifier: EUPL-1.2
// Torhaus: single expressions and policies at the edges of the language.

import Testing

@testable import Cedar

@Suite("The probes")
struct ProbeTests {
    /// Where we differ on purpose; docs/policy/conformance.md says why.
    static let deviations: Set<String> = ["unknown(\"x\") == 1"]

    @Test("every probe has the official outcome")
    func probes() throws {
        guard Corpus.isPresent else { return }
        try check(try Corpus.json("probes.json"), "edge probes")
    }

    @Test("every probe of our own has the official outcome")
    func ownProbes() throws {
        let lines = try Corpus.fixtureLines("probes.jsonl")
        try check(try #require(lines.first), "our edge probes")
    }

    @Test("entities are taken and refused as officially")
    func entities() throws {
        guard Corpus.isPresent else { return }
        let probes = try #require(try Corpus.json("probes_schema.json")["probes"]?.array)
        var count = ConformanceCount()
        for probe in probes where probe["cat"] == "entities-noschema" {
            let json = try #require(probe["json"])
            // Some are given as text, because JSON readers would not keep what they are about.
            let text = json.string?.string ?? json.text
            let isTaken = (try? EntityStore(json: text)) != nil
            let name = probe["name"]?.string?.string ?? text
            count.compare(name, "entities", isTaken == (probe["outcome"] == "ok"))
        }
        print(count.report("edge probes"))
        let isPerfect = count.isPerfect
        #expect(isPerfect)
    }

    private func check(_ json: CedarJSON, _ title: String) throws {
        let store = try EntityStore(try CedarEntityReader.entities(try #require(json["entities"])))
        let request = try CedarRequestReader.request(try #require(json["request"]))
        var count = ConformanceCount()
        for probe in try #require(json["probes"]?.array) {
            let expression = probe["expr"]?.string?.string
            if let expression, Self.deviations.contains(expression) { continue }
            let policy = expression.map { "permit(principal,action,resource) when { \($0) };" }
            let text = try #require(policy ?? probe["policy"]?.string?.string)
            let official = try #require(probe["outcome"]?.string).string
            let ours = outcome(text, request, store)
            let category = probe["cat"]?.string?.string ?? ""
            count.compare(
                "\(expression ?? text) is \(ours), officially \(official)",
                category,
                ours == official
            )
        }
        print(count.report(title))
        let isPerfect = count.isPerfect
        #expect(isPerfect)
    }

    private func outcome(_ text: String, _ request: CedarRequest, _ store: EntityStore) -> String {
        guard let set = try? CedarPolicySet(parsing: text) else { return "parse_error" }
        let response = set.decide(request, store)
        guard response.faults.isEmpty else { return "error" }
        return response.decision == .allow ? "true" : "false"
    }
}
