// SPDX-License-Identifier: EUPL-1.2
// Torhaus: directories, and changes of names that survive a power failure.

internal import CLinux
internal import Glibc

/// Calls on paths.
package enum Folder {
    /// Makes the directory and those above it that are missing.
    package static func create(_ path: String, mode: UInt32) throws(SystemError) {
        if unsafe mkdir(path, mode) == 0 || errno == EEXIST { return }
        let failure = SystemError.last("mkdir \(path)")
        guard failure.code == ENOENT, let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")),
            slash != path.utf8.startIndex
        else { throw failure }
        try create(String(path[..<slash]), mode: mode)
        guard unsafe mkdir(path, mode) == 0 || errno == EEXIST else { throw .last("mkdir \(path)") }
    }

    /// The names in the directory, sorted; empty when there is no directory.
    package static func names(in path: String) throws(SystemError) -> [String] {
        var capacity = 16_384
        while true {
            var room = [CChar](repeating: 0, count: capacity)
            let needed = unsafe th_list_directory(path, &room, capacity)
            if needed < 0 {
                if errno == ENOENT { return [] }
                throw .last("list \(path)")
            }
            guard needed <= capacity else {
                // The directory may grow between two looks.
                capacity = needed * 2
                continue
            }
            return room.prefix(needed).split(separator: 0)
                .map { String(decoding: $0.map { UInt8(bitPattern: $0) }, as: UTF8.self) }.sorted()
        }
    }

    /// True when something is at the path.
    package static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// Gives a file another name; a file that has it already is replaced.
    package static func rename(_ path: String, to new: String) throws(SystemError) {
        guard unsafe Glibc.rename(path, new) == 0 else { throw .last("rename \(path)") }
    }

    /// Removes a file; one that is not there is no error.
    package static func removeFile(_ path: String) throws(SystemError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else { throw .last("remove \(path)") }
    }

    /// Removes an empty directory; one that is not there is no error.
    package static func removeFolder(_ path: String) throws(SystemError) {
        guard unsafe rmdir(path) == 0 || errno == ENOENT else { throw .last("remove \(path)") }
    }

    // MARK: Disk

    /// Makes new, changed and removed names in the directory durable.
    package static func sync(_ path: String) throws(SystemError) {
        guard unsafe th_sync_directory(path) == 0 else { throw .last("fsync \(path)") }
    }

    /// Makes everything durable that was written to the filesystem of the path.
    package static func syncFilesystem(of path: String) throws(SystemError) {
        guard unsafe th_sync_filesystem(path) == 0 else { throw .last("syncfs \(path)") }
    }

    /// What this process may still write there, in bytes.
    package static func freeBytes(at path: String) throws(SystemError) -> UInt64 {
        var bytes: UInt64 = 0
        guard unsafe th_free_bytes(path, &bytes) == 0 else { throw .last("statvfs \(path)") }
        return bytes
    }

    // MARK: Whole files

    /// Replaces the file's content in one step; readers see the old bytes or the new ones.
    ///
    /// With `durable` the new ones survive a power failure once it returns; without, either may.
    package static func replace(
        _ path: String,
        with bytes: [UInt8],
        mode: UInt32,
        durable: Bool
    ) throws(SystemError) {
        let draft = path + ".new"
        do throws(SystemError) {
            let file = try DurableFile(draft, .creatingIfMissing(mode: mode))
            try file.truncate(to: 0)
            try file.write(bytes, at: 0)
            if durable { try file.sync() }
            try rename(draft, to: path)
        } catch {
            // On a full disk the draft would keep the space that healing needs.
            try? removeFile(draft)
            throw error
        }
        guard durable, let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return }
        try sync(String(path[..<slash]))
    }
}
