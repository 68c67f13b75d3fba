// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what docs/policy shows to copy is what the loader takes.

import AccessPolicy
import Foundation
import Testing

@testable import CountyConfiguration

struct PolicyPagesTests {
    /// The blocks of one language on a page.
    private static func blocks(_ page: String, _ language: String) -> [String] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        let file = root.appending(path: "docs/policy/\(page)").standardizedFileURL
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return text.split(separator: "```\(language)\n").dropFirst().compactMap { part in
            part.split(separator: "```").first.map { String($0) }
        }
    }

    private static func load(rows: String, guardrails: String) throws -> Configuration {
        let head = Example.municipality.split(separator: "access:").first.map { String($0) } ?? ""
        let files = MemoryFiles([
            Example.countyPath: Example.county, Example.municipalityPath: head + rows,
            "/etc/torhaus/policies/county.cedar": guardrails,
        ])
        return try ConfigurationLoader(files: files, certificates: .none).load("torhaus.yaml")
    }

    @Test("the six rows load without a warning")
    func rows() throws {
        let blocks = Self.blocks("rules.md", "yaml")
        #expect(blocks.count == 6)
        for block in blocks {
            let loaded = try Self.load(rows: block, guardrails: "")
            #expect(loaded.warnings.isEmpty, "\(loaded.warnings)")
            let rows = try loaded.policySet().rules.filter { $0.kind == .row }
            #expect(rows.count == block.split(separator: "- name:").count - 1)
        }
    }

    @Test("the guardrails load together without a warning")
    func guardrails() throws {
        let blocks = Self.blocks("guardrails.md", "cedar")
        #expect(blocks.count == 6)
        let loaded = try Self.load(rows: "", guardrails: blocks.joined(separator: "\n"))
        #expect(loaded.warnings.isEmpty, "\(loaded.warnings)")
        #expect(try loaded.policySet().rules.filter { $0.kind == .guardrail }.count == 6)
    }

    @Test("every action, annotation and attribute of the schema is explained")
    func explained() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        let file = root.appending(path: "docs/policy/guardrails.md").standardizedFileURL
        let page = try String(contentsOf: file, encoding: .utf8)
        let words =
            PolicyAction.allCases.map(\.rawValue) + PolicyRedirection.allCases.map(\.rawValue)
            + [
                "session", "redirect", "admin", "ip", "zone", "now", "mfa", "mfaAge", "client", "trust",
                "device",
            ]
            + ["active", "external", "home", "sensitive"]
        for word in words { #expect(page.contains("`\(word)`"), "\(word)") }
        for word in ["idle_timeout", "max_session", "record", "notify", "stepup", "reason", "id", "doc"] {
            #expect(page.contains("`@\(word)"), "\(word)")
        }
    }
}
