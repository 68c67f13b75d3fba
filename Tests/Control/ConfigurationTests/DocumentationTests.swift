// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what docs/configuration.md shows is what the loader reads.

import DaemonSettings
import Foundation
import Testing

@testable import CountyConfiguration

struct DocumentationTests {
    private static let page: String = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        let page = root.appending(path: "docs/configuration.md").standardizedFileURL
        return (try? String(contentsOf: page, encoding: .utf8)) ?? ""
    }()

    /// The texts of the page's YAML blocks.
    private var blocks: [String] {
        Self.page.split(separator: "```yaml\n").dropFirst().compactMap { part in
            part.split(separator: "```").first.map { String($0) }
        }
    }

    @Test("the page's two examples load, and torhaus.yaml shows the defaults")
    func examples() throws {
        let blocks = blocks
        #expect(blocks.count == 2)
        let loaded = try Example.load(county: blocks.first ?? "", municipality: blocks.last ?? "")
        #expect(loaded.warnings.isEmpty)
        #expect(loaded.sessions == Configuration.Sessions())
        #expect(loaded.gate == Configuration.Gate())
        #expect(loaded.paths == Configuration.Paths())
        #expect(loaded.audit.retention == AuditRetentionDays())
        #expect(loaded.users == Configuration.Users())
        let audit = loaded.auditSettings()
        var standard = Configuration(
            county: "",
            publicNames: ["gate.example"],
            tls: loaded.tls,
            municipalities: []
        ).auditSettings()
        standard.witnessPolicy = audit.witnessPolicy
        standard.forwarding = audit.forwarding
        #expect(audit == standard)
        #expect(loaded.signIn == Configuration.SignIn(pamDirectory: "/etc/pam.d"))
        #expect(loaded.listen == [.init(host: "::", port: 443)])
        #expect(loaded.desktops.map(\.desktop.id) == ["rhoenblick/buergerbuero/rb-01"])
    }

    @Test("every key of the complete example is explained")
    func explained() {
        for text in [Example.county, Example.municipality] {
            for line in text.split(separator: "\n") {
                let word = line.drop { $0 == " " || $0 == "-" }.prefix { $0 != ":" }
                guard line.contains(":"), !word.contains(" "), !word.contains("{") else { continue }
                let isShown = Self.page.contains("`\(word)`") || Self.page.contains("### \(word)\n")
                #expect(isShown, "\(word)")
            }
        }
    }
}
