// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the log is about to sign, written down before it is signed.

internal import ByteCoding
internal import LinuxKit
package import MerkleLog

/// A size and the root that belongs to it.
package struct SignedSize: Hashable, Sendable {
    package let size: UInt64
    package let root: TreeHash
}

/// A file with two places; the newer one counts, so that a torn write never costs what was there before.
///
/// A log must not sign two trees that contradict each other: at the start, the records must give this root.
struct AnchorFile: ~Copyable {
    private static let mark = Array("THANCHR1".utf8)
    private static let placeBytes = AuditLogLimits.block
    private static let contentBytes = 8 + 8 + 8 + TreeHash.byteCount

    private let file: DurableFile
    private let origin: [UInt8]
    /// Counts the writes; even ones are in the first place.
    private var sequence: UInt64
    /// What was written last.
    private(set) var newest: SignedSize

    private init(file: consuming DurableFile, origin: [UInt8], sequence: UInt64, newest: SignedSize) {
        self.file = file
        self.origin = origin
        self.sequence = sequence
        self.newest = newest
    }

    /// Writes a new file; it must not exist.
    static func create(_ place: LogPlace, _ first: SignedSize) throws(AuditLogError) {
        let bytes = encode(first, sequence: 0, origin: Array(place.origin.utf8))
        try attempt { () throws(SystemError) in
            let empty = [UInt8](repeating: 0, count: 2 * placeBytes - bytes.count)
            try Folder.replace(place.anchor, with: bytes + empty, mode: 0o600, durable: true)
        }
    }

    /// Opens the file and locks it: it stands for the whole log.
    static func open(_ place: LogPlace) throws(AuditLogError) -> AnchorFile {
        let path = place.anchor
        guard Folder.exists(path) else {
            throw .refused(Folder.exists(place.checkpoint) ? .stateMissing : .notInitialised)
        }
        let origin = Array(place.origin.utf8)
        do throws(SystemError) {
            let file = try DurableFile(path, .writing)
            guard try file.lock() else { throw SystemError("flock", code: SystemError.wouldBlock) }
            let bytes = try file.read(2 * placeBytes, at: 0)
            let places = [bytes.prefix(placeBytes), bytes.dropFirst(placeBytes)]
            let found = places.compactMap { decode(Array($0), origin: origin) }
                .max { $0.sequence < $1.sequence }
            if let found {
                return AnchorFile(file: file, origin: origin, sequence: found.sequence, newest: found.value)
            }
        } catch {
            throw error.code == SystemError.wouldBlock ? .refused(.inUse) : AuditLogError(error)
        }
        throw .refused(.stateDamaged)
    }

    /// Returns when the value is on the disk; after a failure the one before counts.
    mutating func write(_ value: SignedSize) throws(AuditLogError) {
        let bytes = Self.encode(value, sequence: sequence + 1, origin: origin)
        let offset = (sequence + 1).isMultiple(of: 2) ? 0 : Self.placeBytes
        do throws(SystemError) {
            try file.write(bytes, at: offset)
            try file.sync()
        } catch {
            throw AuditLogError(error)
        }
        sequence += 1
        newest = value
    }

    // MARK: Bytes

    private static func encode(_ value: SignedSize, sequence: UInt64, origin: [UInt8]) -> [UInt8] {
        var writer = ByteWriter(capacity: 128)
        writer.bytes(mark)
        writer.u64BE(sequence)
        writer.u64BE(value.size)
        writer.bytes(value.root.bytes)
        writer.bytes(seal(writer.written, origin))
        return writer.written
    }

    private static func decode(_ bytes: [UInt8], origin: [UInt8]) -> (sequence: UInt64, value: SignedSize)? {
        var reader = ByteReader(bytes)
        let content = Array(bytes.prefix(contentBytes))
        guard let mark = try? reader.bytes(8), mark == self.mark, let sequence = try? reader.u64BE(),
            let size = try? reader.u64BE(), let root = try? reader.bytes(TreeHash.byteCount),
            let sealed = try? reader.bytes(TreeHash.byteCount), sealed == seal(content, origin),
            let hash = TreeHash(root)
        else { return nil }
        return (sequence, SignedSize(size: size, root: hash))
    }

    /// Notices torn writes and files of other logs; it keeps nobody from forging, which the file's mode does.
    private static func seal(_ content: [UInt8], _ origin: [UInt8]) -> [UInt8] {
        let all = origin + [0] + content
        return LogCrypto.hasher.digest(all.rawSpan).bytes
    }
}
