// SPDX-License-Identifier: EUPL-1.2
// Torhaus: how far the receiver has the records, across restarts.

package import LinuxKit

/// A file with one line, `FOLDER INDEX`.
package enum ForwardCursor {
    /// Nil when there is none yet; throws for a file that is none, because a guess would skip or repeat a year.
    package static func read(_ path: String) throws(SystemError) -> LogPosition? {
        guard Folder.exists(path) else { return nil }
        let bytes = try SmallFile.read(path, limit: ForwardingLimits.cursorBytes)
        let words = bytes.prefix { $0 != UInt8(ascii: "\n") }.split(separator: UInt8(ascii: " "))
        guard words.count == 2, let folder = String(validating: words[0], as: UTF8.self),
            let index = UInt64(String(decoding: words[1], as: UTF8.self)), !folder.contains("/")
        else { throw SystemError("\(path) is not a cursor: read", code: SystemError.damaged) }
        return LogPosition(folder: folder, index: index)
    }

    /// Returns when the line is on the disk.
    package static func write(_ path: String, _ position: LogPosition) throws(SystemError) {
        let line = Array("\(position.folder) \(position.index)\n".utf8)
        try Folder.replace(path, with: line, mode: 0o600, durable: true)
    }
}
