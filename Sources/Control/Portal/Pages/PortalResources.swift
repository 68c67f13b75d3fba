// SPDX-License-Identifier: EUPL-1.2
// Torhaus: templates, catalogues, styles and scripts, read once at the start.

import Foundation
import Mustache
import OpenSSLKit

/// Everything the portal serves that is not made for one person.
package struct PortalResources: Sendable {
    /// One file below `/assets`.
    struct Asset: Sendable {
        let bytes: [UInt8]
        let contentType: String
        let tag: String
    }

    let templates: MustacheLibrary
    /// By file name.
    let assets: [String: Asset]
    /// Changes with any asset; pages append it to addresses so that browsers may keep files for long.
    let version: String
    private let catalogues: [Language: Catalogue]

    /// The folder has a fault that makes pages impossible.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String
    }

    /// Reads `Templates`, `Catalogues`, `Styles`, `Scripts` and `Images` of a folder; the one that belongs to
    /// this build when none is given.
    package init(directory: String? = nil) throws {
        let root = URL(fileURLWithPath: directory ?? Self.ownDirectory, isDirectory: true)
        var templates = MustacheLibrary()
        for (name, data) in try Self.files(root, "Templates", "mustache") {
            let text = String(decoding: data, as: UTF8.self)
            try templates.register(text, named: String(name.dropLast(".mustache".count)))
        }
        self.templates = templates

        var catalogues: [Language: Catalogue] = [:]
        for language in Language.allCases {
            let file = root.appending(path: "Catalogues/\(language.rawValue).json")
            catalogues[language] = try Catalogue(json: Data(contentsOf: file))
        }
        self.catalogues = catalogues

        var assets: [String: Asset] = [:]
        for (folder, ending, type) in Self.kinds {
            for (name, data) in try Self.files(root, folder, ending) {
                let bytes = Array(data)
                let tag = String(RandomText.hex(Digest.sha256(bytes)).prefix(16))
                assets[name] = Asset(bytes: bytes, contentType: type, tag: "\"\(tag)\"")
            }
        }
        self.assets = assets
        let all = assets.keys.sorted().compactMap { assets[$0]?.tag }.joined()
        version = String(RandomText.hex(Digest.sha256(Array(all.utf8))).prefix(12))
    }

    /// The sentences of a language.
    func catalogue(_ language: Language) -> Catalogue {
        guard let catalogue = catalogues[language] else {
            preconditionFailure("a language without catalogue")
        }
        return catalogue
    }

    private static let kinds = [
        ("Styles", "css", "text/css; charset=utf-8"),
        ("Scripts", "js", "text/javascript; charset=utf-8"),
        ("Images", "svg", "image/svg+xml"),
    ]

    /// An installed system has the files in `share/torhaus/portal` beside the program's folder; a build has
    /// them in its bundle.
    private static var ownDirectory: String {
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        var folder = program.deletingLastPathComponent()
        for _ in 0..<3 {
            let candidate = folder.appending(path: "share/torhaus/portal").path
            if FileManager.default.fileExists(atPath: candidate + "/Catalogues/de.json") { return candidate }
            folder.deleteLastPathComponent()
        }
        return Bundle.module.bundleURL.appending(path: "Resources").path
    }

    private static func files(_ root: URL, _ folder: String, _ ending: String) throws -> [(String, Data)] {
        let directory = root.appending(path: folder)
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        let wanted = names.filter { $0.hasSuffix(".\(ending)") }.sorted()
        guard !wanted.isEmpty else { throw Fault(description: "no .\(ending) file in \(directory.path)") }
        return try wanted.map { ($0, try Data(contentsOf: directory.appending(path: $0))) }
    }
}
