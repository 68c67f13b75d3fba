// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads a small file without Foundation.

internal import Glibc

package enum FileReader {
    /// The whole file; EFBIG when it has more than `limit` bytes.
    package static func read(_ path: String, limit: Int) throws(SystemError) -> [UInt8] {
        let raw = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard 0 <= raw else { throw .last("open") }
        let file = OwnedFD(adopting: raw)
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = file.withRaw { unsafe Glibc.read($0, &part, part.count) }
            guard 0 <= count else { throw .last("read") }
            if count == 0 { return bytes }
            bytes.append(contentsOf: part.prefix(count))
            guard bytes.count <= limit else { throw SystemError("read", code: EFBIG) }
        }
    }
}
