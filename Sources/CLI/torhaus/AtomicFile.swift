// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a file that is either the old one or the new one, never half.

import Glibc

/// Why a file was not written: the call and its errno in words.
struct AtomicFileError: Error, CustomStringConvertible {
    let description: String

    static func last(_ call: String) -> AtomicFileError {
        AtomicFileError(description: "\(call): \(String(cString: strerror(errno)))")
    }
}

enum AtomicFile {
    /// Readable by the daemon's group, by nobody else.
    static let mode: mode_t = 0o640

    /// Writes beside the place and renames.
    static func write(_ text: String, to path: String) throws(AtomicFileError) {
        let temporary = "\(path).new.\(getpid())"
        // O_EXCL: a file or link that somebody laid there is not followed.
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard 0 <= descriptor else { throw .last("create") }
        do throws(AtomicFileError) {
            defer { close(descriptor) }
            // The umask may have taken bits away.
            guard fchmod(descriptor, mode) == 0 else { throw .last("chmod") }
            try writeAll(Array(text.utf8), descriptor)
            guard fsync(descriptor) == 0 else { throw .last("fsync") }
            guard rename(temporary, path) == 0 else { throw .last("rename") }
        } catch {
            unlink(temporary)
            throw error
        }
    }

    private static func writeAll(_ bytes: [UInt8], _ descriptor: Int32) throws(AtomicFileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard 0 < count else {
                guard errno == EINTR else { throw .last("write") }
                continue
            }
            rest = rest.dropFirst(count)
        }
    }
}
