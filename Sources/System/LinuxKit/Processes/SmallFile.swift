// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reading a file that is known to be small.

internal import Glibc

/// Files such as settings; no Foundation needed.
package enum SmallFile {
    /// The whole file; more than `limit` bytes is EFBIG.
    package static func read(_ path: String, limit: Int) throws(SystemError) -> [UInt8] {
        let raw = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard 0 <= raw else { throw .last("open \(path)") }
        let file = OwnedFD(adopting: raw)
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = file.withRaw { raw in
                unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(raw, $0.baseAddress, $0.count) }
            }
            if count < 0 && errno == EINTR { continue }
            guard 0 <= count else { throw .last("read \(path)") }
            if count == 0 { return content }
            content += chunk.prefix(count)
            guard content.count <= limit else { throw SystemError("read \(path)", code: EFBIG) }
        }
    }
}
