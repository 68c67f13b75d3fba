// SPDX-License-Identifier: EUPL-1.2
// Torhaus: finds the corpora of other implementations' answers.

import Foundation
import Testing

@testable import Cedar

/// The large corpora beside the tree, when they are there, and our own small one inside of it.
enum Corpus {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../..").standardizedFileURL

    /// The folder with the large corpora; nil when a clone stands alone.
    static let folder: URL? = {
        let named = ProcessInfo.processInfo.environment["TORHAUS_CORPUS"].map { URL(filePath: $0) }
        let beside = [root.appending(path: "../shared/corpus"), root.appending(path: "../../shared/corpus")]
        return ((named.map { [$0] } ?? []) + beside).map { $0.appending(path: "cedar") }
            .first { FileManager.default.fileExists(atPath: $0.path) }
    }()

    static var isPresent: Bool { folder != nil }

    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    /// The lines of all JSONL files in an archive, each read as JSON.
    static func lines(inArchive name: String) throws -> [CedarJSON] {
        try lines(try unzipped(name, ["*.jsonl"]))
    }

    /// One file of an archive.
    static func text(_ path: String, inArchive name: String) throws -> String {
        String(decoding: try unzipped(name, [path]), as: UTF8.self)
    }

    static func paths(inArchive name: String) throws -> [String] {
        let list = String(decoding: try run(["-Z1", try archive(name)]), as: UTF8.self)
        return list.split(separator: "\n").map(String.init)
    }

    static func json(_ name: String) throws -> CedarJSON {
        let folder = try #require(folder)
        return try CedarJSONReader.read(
            String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
        )
    }

    static func fixtureLines(_ name: String) throws -> [CedarJSON] {
        try lines(try Data(contentsOf: fixtures.appending(path: name)))
    }

    // MARK: Files

    private static func lines(_ data: Data) throws -> [CedarJSON] {
        try data.split(separator: UInt8(ascii: "\n")).map { line in
            try CedarJSONReader.read(String(decoding: line, as: UTF8.self))
        }
    }

    private static func archive(_ name: String) throws -> String {
        try #require(folder).appending(path: name).path
    }

    private static func unzipped(_ name: String, _ patterns: [String]) throws -> Data {
        try run(["-p", try archive(name)] + patterns)
    }

    private static func run(_ arguments: [String]) throws -> Data {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/unzip")
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return data
    }
}
