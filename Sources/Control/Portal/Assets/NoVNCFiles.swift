// SPDX-License-Identifier: EUPL-1.2
// Torhaus: noVNC's modules from the distribution's package, and nothing else of the disk.

import Glibc
import Synchronization

/// Reads scripts below one folder, and keeps them until they change.
final class NoVNCFiles: Sendable {
    struct File: Sendable {
        let bytes: [UInt8]
        let tag: String
    }

    private struct Kept {
        let file: File
        let stamp: Stamp
    }

    private struct Stamp: Hashable {
        let seconds: Int
        let nanoseconds: Int
        let size: Int
    }

    private let kept = Mutex<[String: Kept]>([:])

    /// noVNC has about fifty modules.
    private static let mostKept = 128
    /// The modules and what they import; the package's own pages and applications are not served.
    private static let folders: Set<String> = ["core", "vendor"]

    /// The file of a path given in parts; nil when it is none of ours.
    func file(_ path: [String], in directory: String) -> File? {
        guard let top = path.first, Self.folders.contains(top), path.count <= 8,
            path.allSatisfy(Self.isPlain), path.last?.hasSuffix(".js") == true
        else { return nil }
        guard let root = Self.resolved(directory),
            let name = Self.resolved(directory + "/" + path.joined(separator: "/")),
            // A link in the package may point inside the folder, never out of it.
            name.hasPrefix(root + "/")
        else { return nil }
        return read(name)
    }

    /// Letters, digits and `-_.`, not beginning with a dot.
    private static func isPlain(_ part: String) -> Bool {
        guard let first = part.utf8.first, first != UInt8(ascii: "."), part.utf8.count <= 64 else {
            return false
        }
        return part.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
            default: false
            }
        }
    }

    private static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private func read(_ name: String) -> File? {
        let descriptor = open(name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard 0 <= descriptor else { return nil }
        defer { close(descriptor) }
        var state = stat()
        guard fstat(descriptor, &state) == 0, state.st_mode & S_IFMT == S_IFREG,
            0 <= state.st_size, state.st_size <= PortalLimits.scriptFileBytes
        else { return nil }
        let stamp = Stamp(
            seconds: state.st_mtim.tv_sec,
            nanoseconds: state.st_mtim.tv_nsec,
            size: Int(state.st_size)
        )
        if let known = kept.withLock({ $0[name] }), known.stamp == stamp { return known.file }
        guard let bytes = Self.contents(descriptor, count: stamp.size) else { return nil }
        let file = File(bytes: bytes, tag: "\"\(stamp.seconds)-\(stamp.size)\"")
        kept.withLock { kept in
            if Self.mostKept <= kept.count { kept.removeAll() }
            kept[name] = Kept(file: file, stamp: stamp)
        }
        return file
    }

    private static func contents(_ descriptor: Int32, count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = bytes.withUnsafeMutableBytes { room in
                Glibc.read(
                    descriptor,
                    UnsafeMutableRawBufferPointer(rebasing: room[filled...]).baseAddress,
                    count - filled
                )
            }
            guard 0 < got else { return nil }
            filled += got
        }
        return bytes
    }
}
