// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a log in a temporary directory, and what can be done to its files.

import AuditLog
import Foundation
import MerkleLog

/// Removed with everything in it when the test is over.
final class TestLog: Sendable {
    let folder: URL
    let place: LogPlace
    let key: VerifierKey

    init(origin: String = "log.example/2026", segmentBytes: Int = 65_536) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("torhaus-\(UUID().uuidString)")
        place = try LogPlace(
            origin: origin,
            logs: folder.appendingPathComponent("log").path,
            states: folder.appendingPathComponent("state").path
        )
        key = try LogCreation.create(place, segmentBytes: segmentBytes)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func open(segmentBytes: Int = 65_536) throws -> (log: AuditLog, found: AuditLog.Opening) {
        try AuditLog.open(place, segmentBytes: segmentBytes)
    }

    func verify() throws -> LogVerification { try LogVerifier.verify(place.directory, by: key) }

    // MARK: Files

    func path(_ name: String) -> URL { URL(fileURLWithPath: place.directory).appendingPathComponent(name) }
    func statePath(_ name: String) -> URL { URL(fileURLWithPath: place.state).appendingPathComponent(name) }

    /// Every regular file of log and state with its bytes.
    func contents() throws -> [String: Data] {
        var contents: [String: Data] = [:]
        let found = FileManager.default.enumerator(
            at: folder,
            includingPropertiesForKeys: [.isRegularFileKey]
        )
        for case let url as URL in found ?? .init() {
            guard try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
            contents[url.path] = try Data(contentsOf: url)
        }
        return contents
    }

    /// Names of the journal's segments.
    func segments() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path("journal").path).sorted()
            .filter { Int($0) != nil }
    }

    /// Changes one file in place.
    func edit(_ url: URL, _ change: (inout Data) -> Void) throws {
        var data = try Data(contentsOf: url)
        change(&data)
        let handle = try FileHandle(forWritingTo: url)
        try handle.truncate(atOffset: UInt64(data.count))
        try handle.seek(toOffset: 0)
        try handle.write(contentsOf: data)
        try handle.close()
    }

    /// A copy of log or state as it is now.
    func backup(_ directory: String) throws -> URL {
        let copy = folder.appendingPathComponent("backup-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: URL(fileURLWithPath: directory), to: copy)
        return copy
    }

    func restore(_ copy: URL, to directory: String) throws {
        try FileManager.default.removeItem(atPath: directory)
        try FileManager.default.moveItem(at: copy, to: URL(fileURLWithPath: directory))
    }
}

/// The entry of an index, with lengths from a few bytes to more than a block.
func entry(_ index: some BinaryInteger) -> [UInt8] {
    Array(#"{"seq":\#(index),"pad":"\#(String(repeating: "x", count: Int(index) * 37 % 5000))"}"#.utf8)
}

func entries(_ range: Range<Int>) -> [[UInt8]] { range.map { entry($0) } }

/// Numbers that are the same in each run (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
