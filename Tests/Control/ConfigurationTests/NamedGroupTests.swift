// SPDX-License-Identifier: EUPL-1.2
// Torhaus: every group that a file names is found where it stands.

import Testing

@testable import CountyConfiguration

struct NamedGroupTests {
    private func places(_ loaded: Configuration) -> [String] {
        loaded.namedGroups.map { group in
            let file = group.file.split(separator: "/").last ?? ""
            let line = group.line.map { ":\($0)" } ?? ""
            return "\(file)\(line): \(group.key): \(group.name)"
        }
    }

    @Test("groups of roles, externals, municipalities, pools and rows, each once for each file")
    func everyGroup() throws {
        let loaded = try Example.load()
        #expect(
            places(loaded) == [
                "torhaus.yaml: roles.auditor: revision",
                "torhaus.yaml: roles.data_protection: datenschutz",
                "torhaus.yaml: roles.operator: kreis-it",
                "torhaus.yaml: external_groups: dienstleister",
                "rhoenblick.yaml: groups: gemeinde-rhoenblick",
                "rhoenblick.yaml:5: pools.buergerbuero.groups: rhoenblick buergerbuero",
                "rhoenblick.yaml:27: access.homeoffice.who: rhoenblick-homeoffice",
                "rhoenblick.yaml: roles.data_protection: dsb-rhoenblick",
            ]
        )
        #expect(loaded.namedGroups.first?.file == Example.countyPath)
        #expect(loaded.namedGroups.first?.consequence == "nobody has the role auditor by it")
    }

    @Test("groups of guardrails, with their own places")
    func guardrails() throws {
        var files = Example.files
        let text = """
            @id("readers")
            permit (principal in Gw::Group::"revision", action in Gw::Action::"session", resource);

            @id("locked")
            forbid (principal, action in Gw::Action::"session", resource)
            when { principal in Gw::Group::"gesperrt" };
            """
        files.files["/etc/torhaus/policies/10-county.cedar"] = Array(text.utf8)
        let loaded = try ConfigurationLoader(files: files, certificates: .none).load(Example.countyPath)
        let found = loaded.namedGroups.filter { $0.file.hasSuffix(".cedar") }
        #expect(found.map(\.name) == ["revision", "gesperrt"])
        #expect(found.map(\.line) == [1, 6])
    }
}
