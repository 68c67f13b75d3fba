// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the operator's tool finds the daemon while the configuration has mistakes.

import Testing

@testable import CountyConfiguration

struct PathsTests {
    private func paths(_ change: (inout MemoryFiles) -> Void) -> Configuration.Paths? {
        var files = Example.files
        change(&files)
        return ConfigurationLoader(files: files, certificates: .none).paths(Example.countyPath)
    }

    @Test("reads the paths whatever is wrong with rules, municipalities and other keys")
    func mistakes() throws {
        let right = try #require(paths { _ in })
        let wrong = paths { files in
            files.files["/etc/torhaus/policies/county.cedar"] = Array("forbid (".utf8)
            files.files[Example.municipalityPath] = Array("- [".utf8)
            files.files[Example.countyPath]?.append(contentsOf: "\nnonsense: true\n".utf8)
        }
        #expect(wrong == right)
        #expect(right != Configuration.Paths(), "or the example would prove nothing")
    }

    @Test("says nothing about a file that is none")
    func unreadable() {
        #expect(paths { $0.files[Example.countyPath] = nil } == nil)
    }
}
