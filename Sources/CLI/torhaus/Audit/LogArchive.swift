// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the log on disk as the reading side wants it, with the records that outlived their bundles.

import AuditEvents
import AuditLog
import AuditReading
import LinuxKit
import MerkleLog
import Synchronization

/// One log, read bundle by bundle.
final class LogArchive: AuditArchive {
    let origin: String
    let directory: String
    private let reader: LogReader
    /// The bundle that was read last: neighbours are asked for one after the other.
    private let last = Mutex<Bundle?>(nil)

    private struct Bundle {
        let first: UInt64
        /// Nil for an erased entry.
        let entries: [UInt64: [UInt8]]
    }

    init(directory: String) throws {
        self.directory = directory
        reader = LogReader(directory: directory)
        origin = try Checkpoint(text: reader.note().text).origin
    }

    /// The log's folder, which is named after its year.
    var folderName: String { String(directory.split(separator: "/").last ?? "log") }

    func size() throws -> UInt64 { try reader.size() }

    func line(_ index: UInt64) throws -> [UInt8]? {
        let width = UInt64(MerkleLimits.tileWidth)
        let first = index / width * width
        if let found = last.withLock({ bundle -> [UInt8]?? in
            guard let bundle, bundle.first == first, let entry = bundle.entries[index] else { return nil }
            return .some(entry)
        }) {
            return found
        }
        let entries = try bundle(first)
        last.withLock { $0 = Bundle(first: first, entries: entries) }
        return entries[index]
    }

    func forEachLine(in range: Range<UInt64>, _ body: (UInt64, [UInt8]) throws -> Void) throws {
        let width = UInt64(MerkleLimits.tileWidth)
        var first = range.lowerBound / width * width
        while first < range.upperBound {
            for (index, entry) in try bundle(first).sorted(by: { $0.key < $1.key })
            where range.contains(index) {
                try body(index, entry)
            }
            first += width
        }
    }

    /// The records of a bundle that are still there.
    func bundle(_ first: UInt64) throws -> [UInt64: [UInt8]] {
        let size = try reader.size()
        guard first < size else { return [:] }
        let (start, entries) = try reader.bundle(holding: first, size: size)
        guard let entries else { return try KeptRecords.read(directory, bundle: first) }
        return Dictionary(uniqueKeysWithValues: zip(start..., entries))
    }

    /// The first record of the oldest part of the journal: the parts are named after theirs.
    func journalStart() throws -> UInt64 {
        try Folder.names(in: "\(directory)/journal").filter { $0.utf8.count == 20 }.compactMap { UInt64($0) }
            .min() ?? 0
    }

    /// Evidence for one record.
    func proof(of index: UInt64) throws -> [UInt8] { try reader.proof(of: index).bytes }
}

/// Records that stay when their bundle is erased: held ones, and those of a class that is kept longer.
///
/// One file for each bundle, the log's own lines one after the other. Their hashes are still in the tiles.
enum KeptRecords {
    static let folder = "kept"
    /// 256 lines of the longest kind.
    private static let limit = MerkleLimits.tileWidth * (AuditLine.longest + 1)

    static func path(_ directory: String, bundle first: UInt64) -> String {
        "\(directory)/\(folder)/\(first / UInt64(MerkleLimits.tileWidth)).jsonl"
    }

    static func read(_ directory: String, bundle first: UInt64) throws -> [UInt64: [UInt8]] {
        let path = path(directory, bundle: first)
        guard Folder.exists(path) else { return [:] }
        var kept: [UInt64: [UInt8]] = [:]
        for line in try SmallFile.read(path, limit: limit).split(separator: UInt8(ascii: "\n")) {
            if let index = AuditLine.index(of: line) { kept[index] = Array(line) }
        }
        return kept
    }

    /// Durable when it returns; the file goes when there is nothing to keep.
    static func write(_ directory: String, bundle first: UInt64, _ lines: [[UInt8]]) throws {
        guard !lines.isEmpty else {
            let path = path(directory, bundle: first)
            if Folder.exists(path) { try Folder.removeFile(path) }
            return
        }
        try Folder.create("\(directory)/\(folder)", mode: 0o750)
        let bytes = lines.flatMap { $0 + [UInt8(ascii: "\n")] }
        try Folder.replace(path(directory, bundle: first), with: bytes, mode: 0o640, durable: true)
    }
}
