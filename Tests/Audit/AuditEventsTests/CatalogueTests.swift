// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the catalogue says for everything why it is recorded and how long it is kept, and the pages agree.

import Foundation
import Testing

@testable import AuditEvents

@Suite struct CatalogueTests {
    @Test("registers every kind with a name of its own, a title and a meaning")
    func kindsAreRegistered() {
        let definitions = AuditKind.allCases.map(\.definition)
        #expect(!definitions.contains(.unregistered))
        #expect(Set(definitions.map(\.name)).count == AuditKind.allCases.count)
        #expect(definitions.allSatisfy { !$0.title.isEmpty && $0.meaning.hasSuffix(".") && !$0.keys.isEmpty })
    }

    @Test("gives codes whose last letter fits outcome and severity", arguments: AuditKind.allCases)
    func codes(_ kind: AuditKind) {
        let definition = kind.definition
        #expect(kind.rawValue.wholeMatch(of: /GW[1-8][0-9]{3}[IWE]/) != nil)
        if kind.rawValue.hasSuffix("I") { #expect(definition.outcome == .success) }
        if definition.outcome != .success { #expect([.warning, .error].contains(definition.severity)) }
    }

    @Test("says for every field what it holds and why it is needed", arguments: AuditKey.allCases)
    func fieldsHavePurpose(_ key: AuditKey) {
        let entry = key.register
        #expect(!entry.meaning.isEmpty && !entry.german.isEmpty && !entry.need.isEmpty)
        #expect(AuditKind.allCases.contains { $0.definition.keys.contains(key) }, "no event has this field")
    }

    @Test("keeps nothing about a person under the retention class that is about the installation")
    func operationHasNoPersons() {
        for kind in AuditKind.allCases where kind.definition.retention == .operation {
            let personal = kind.definition.keys.filter {
                [.name, .address].contains($0.register.privacy) || $0 == .session || $0 == .correlation
            }
            #expect(personal.isEmpty, "\(kind.rawValue)")
        }
    }

    @Test("gives every retention class a number of days and every purpose a basis")
    func classes() {
        #expect(AuditRetention.allCases.allSatisfy { 0 < $0.defaultDays && !$0.german.isEmpty })
        #expect(AuditPurpose.allCases.allSatisfy { !$0.german.isEmpty && !$0.basis.isEmpty })
        for purpose in AuditPurpose.allCases {
            #expect(AuditKind.allCases.contains { $0.definition.purpose == purpose })
        }
    }

    /// The folder of the pages, also when this file was reached through a link.
    private static let pages = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/audit")

    @Test(
        "is what the pages in docs/audit say; Scripts/audit-docs.sh writes them",
        arguments: ["events.md", "processing-activities.md"]
    )
    func pagesAreFresh(_ name: String) throws {
        let wanted = try #require(AuditDocuments.pages.first { $0.name == name }).text
        let stored = try String(contentsOf: Self.pages.appending(path: name), encoding: .utf8)
        #expect(stored == wanted)
    }

    @Test("lists every code on both pages, and every field", arguments: AuditDocuments.pages.map(\.text))
    func pagesAreComplete(_ text: String) {
        for kind in AuditKind.allCases { #expect(text.contains(kind.rawValue)) }
        for key in AuditKey.allCases { #expect(text.contains("| `\(key.rawValue)` |")) }
    }
}
