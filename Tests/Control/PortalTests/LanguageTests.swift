// SPDX-License-Identifier: EUPL-1.2
// Torhaus: languages, catalogues and the templates' use of them.

import Foundation
import Testing

@testable import Portal

@Suite("the language of a page")
struct LanguageTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let header: String?
        let language: Language

        var testDescription: String { header ?? "none" }
    }

    static let cases = [
        Case(header: nil, language: .german),
        Case(header: "", language: .german),
        Case(header: "de", language: .german),
        Case(header: "en", language: .english),
        Case(header: "en-GB,en;q=0.9", language: .english),
        Case(header: "de-AT,en;q=0.9", language: .german),
        Case(header: "en;q=0.3, de;q=0.8", language: .german),
        Case(header: "fr, en;q=0.5, de;q=0.4", language: .english),
        Case(header: "fr, it", language: .german),
        Case(header: "*", language: .german),
        Case(header: "en;q=0, fr", language: .german),
        Case(header: "EN-us ; q=0.7", language: .english),
        Case(header: "en;q=abc, de;q=0.1", language: .german),
        Case(header: "de;q=0.5,en;q=0.5", language: .german),
        Case(header: ";;;,,,q=1", language: .german),
        Case(header: String(repeating: "x,", count: 10_000) + "en", language: .german),
    ]

    @Test("follows Accept-Language, German first", arguments: cases)
    func preferred(_ one: Case) {
        #expect(Language.preferred(by: one.header) == one.language)
    }
}

@Suite("the catalogues")
struct CatalogueTests {
    let resources: PortalResources
    let templates: [String: String]

    init() throws {
        resources = try PortalResources()
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Sources/Control/Portal/Resources/Templates")
        var templates: [String: String] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: source.path) {
            templates[name] = try String(contentsOf: source.appending(path: name), encoding: .utf8)
        }
        self.templates = templates
    }

    private var keysInTemplates: Set<String> {
        Set(
            templates.values.flatMap { text in
                text.matches(of: /\{\{t\.([A-Za-z0-9.]+)\}\}/).map { String($0.1) }
            }
        )
    }

    @Test("have the same sentences in both languages")
    func sameKeys() {
        let german = resources.catalogue(.german).keys
        let english = resources.catalogue(.english).keys
        #expect(german.symmetricDifference(english).isEmpty)
        #expect(german.count > 100)
    }

    @Test("have every sentence that templates and code ask for, and no other")
    func used() {
        let asked = keysInTemplates.union(Phrase.allCases.map(\.rawValue))
        #expect(asked.symmetricDifference(resources.catalogue(.german).keys).sorted() == [])
    }

    @Test("fill in the same places in both languages")
    func places() {
        let english = resources.catalogue(.english).pages
        for (page, sentences) in resources.catalogue(.german).pages {
            for (name, sentence) in sentences {
                let other = english[page]?[name] ?? ""
                let places = { (text: String) in Set(text.matches(of: /\{[a-z]+\}/).map { String($0.0) }) }
                #expect(places(sentence) == places(other), "\(page).\(name)")
            }
        }
    }

    @Test("say nothing in more than 25 words a sentence")
    func short() {
        for (page, sentences) in resources.catalogue(.german).pages {
            for (name, text) in sentences {
                for sentence in text.split(whereSeparator: { ".?!".contains($0) }) {
                    #expect(sentence.split(separator: " ").count <= 25, "\(page).\(name)")
                }
            }
        }
    }

    @Test("leave no empty sentence")
    func filled() {
        for language in Language.allCases {
            let texts = resources.catalogue(language).pages.values.flatMap(\.values)
            #expect(texts.allSatisfy { !$0.isEmpty })
        }
    }

    @Test("are the only place for words: templates hold none themselves")
    func templatesAreWordless() {
        for (name, template) in templates {
            var text = template.replacing(/\{\{[^}]*\}\}/, with: "")
            text = text.replacing(/<pre[\s\S]*?<\/pre>/, with: "").replacing(/<[^>]*>/, with: "")
            let words = text.split { !$0.isLetter }
            #expect(words.isEmpty, "\(name): \(words.joined(separator: " "))")
        }
    }
}
