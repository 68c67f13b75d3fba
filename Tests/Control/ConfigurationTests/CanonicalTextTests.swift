// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the same decisions have the same text, other decisions another.

import Testing

@testable import CountyConfiguration

struct CanonicalTextTests {
    @Test("the order of a list that means a set does not matter, comments neither")
    func same() throws {
        let all = Configuration.Redirection.allCases.map(\.rawValue)
        let texts = try [all, all.reversed(), all.sorted()].map { words in
            let list = "[\(words.joined(separator: ", "))] # \(words.count)"
            let text = Example.municipality.replacing("[clipboard, printer]", with: list)
            return try Example.load(municipality: text).canonicalText
        }
        #expect(Set(texts).count == 1)
    }

    @Test(
        "every change of a value changes the text",
        arguments: [
            ["idle: 20m", "idle: 19m"], ["consent_text: |", "consent_text: >"],
            ["deadline: 3m", "deadline: 4m"],
            ["basic: true", "basic: false"], ["control: control1", "control: control2"], ["Mo-Fr", "Mo-Do"],
            ["[clipboard, printer]", "[clipboard]"], ["idle: 10m", "idle: 9m"],
            ["rdp: 10.20.1.11", "rdp: 10.20.1.12"],
            ["account: rb01", "account: rb02"], ["county: Landkreis", "county: Kreis"],
            ["rdp.pem", "rdq.pem"], ["sensitive: true", "sensitive: false"],
            ["device: managed", "device: any"],
            ["hours: 07:00-19:00", "hours: 07:00-18:00"], ["10.20.0.0/16", "10.21.0.0/16"],
            ["[revision]", "[pruefung]"], ["may: [clipboard-in, print]", "may: [print]"],
            ["siem.example:6514", "siem.example:6515"], ["{required: false}", "{}"],
            ["\"rhoenblick buergerbuero\"", "andere"], ["title: Rhönblick", "title: Rhönblick II"],
        ]
    )
    func other(change: [String]) throws {
        let changed = try Example.load(
            county: Example.county.replacing(change[0], with: change[1]),
            municipality: Example.municipality.replacing(change[0], with: change[1])
        )
        #expect(try changed.canonicalText != Example.load().canonicalText)
    }
}
