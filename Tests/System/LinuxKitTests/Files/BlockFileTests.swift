// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of files that are written past the page cache.

import Foundation
import LinuxKit
import Testing

@Suite("block files")
struct BlockFileTests {
    private static let block = BlockFile.block

    /// A path in a folder of its own; /dev/shm is a tmpfs, which may be unable to bypass the cache.
    private static func path(in folder: String) -> String { "\(folder)/torhaus-\(UUID().uuidString)" }

    static let folders = [FileManager.default.temporaryDirectory.path, "/dev/shm"]

    @Test("what was written is in the file, at its place, also in several parts", arguments: folders)
    func written(folder: String) throws {
        let path = Self.path(in: folder)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = try BlockFile(path, creating: 0o600)
        try file.fill(to: 4 << 20)
        #expect(try file.size() == 4 << 20)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(count: 4 << 20))
        let one = [UInt8](repeating: 1, count: Self.block)
        let many = (0..<(5 << 19)).map { UInt8(truncatingIfNeeded: $0 / Self.block &+ 2) }
        try file.write(one, at: 0)
        try file.write(many, at: 2 * Self.block)
        var expected = Data(count: 4 << 20)
        expected.replaceSubrange(0..<one.count, with: one)
        expected.replaceSubrange(2 * Self.block..<2 * Self.block + many.count, with: many)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == expected)
        // Opened again it is what it was.
        let again = try BlockFile(path)
        try again.write(one, at: Self.block)
        expected.replaceSubrange(Self.block..<2 * Self.block, with: one)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == expected)
    }

    @Test("a size that is no whole number of parts is filled exactly")
    func filled() throws {
        let path = Self.path(in: Self.folders[0])
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = try BlockFile(path, creating: 0o600)
        try file.fill(to: (1 << 20) + 3 * Self.block)
        #expect(try file.size() == (1 << 20) + 3 * Self.block)
    }

    @Test(
        "anything but whole blocks is refused and changes nothing",
        arguments: [(1, 0), (4096, 512), (5000, 0)]
    )
    func partial(count: Int, offset: Int) throws {
        let path = Self.path(in: Self.folders[0])
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = try BlockFile(path, creating: 0o600)
        try file.fill(to: 4 * Self.block)
        let error = try #require(throws: SystemError.self) {
            try file.write([UInt8](repeating: 1, count: count), at: offset)
        }
        #expect(error.code == EINVAL)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(count: 4 * Self.block))
    }

    @Test("a file that is there is not made again, one that is not is not opened, a link is not followed")
    func opening() throws {
        let path = Self.path(in: Self.folders[0])
        let link = path + ".link"
        defer { for name in [path, link] { try? FileManager.default.removeItem(atPath: name) } }
        #expect(try #require(throws: SystemError.self) { _ = try BlockFile(path) }.code == ENOENT)
        _ = try BlockFile(path, creating: 0o600)
        #expect(
            try #require(throws: SystemError.self) { _ = try BlockFile(path, creating: 0o600) }.code == EEXIST
        )
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        #expect(try #require(throws: SystemError.self) { _ = try BlockFile(link) }.code == ELOOP)
    }
}
