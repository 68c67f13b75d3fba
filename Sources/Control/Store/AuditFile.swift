// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the audit trail's file: what is in it, what is durable, and how it is mended after a crash.

internal import AuditEvents
internal import Glibc

/// The two calls that can fail for want of space or a sound disk, given in so that tests can make them fail.
package struct AuditFileCalls: Sendable {
    /// `pwrite`: descriptor, bytes, offset; the number written, or a negated errno.
    package var write: @Sendable (Int32, [UInt8], Int) -> Int
    /// `fdatasync`: 0, or a negated errno.
    package var sync: @Sendable (Int32) -> Int

    package init(
        write: @escaping @Sendable (Int32, [UInt8], Int) -> Int,
        sync: @escaping @Sendable (Int32) -> Int
    ) {
        self.write = write
        self.sync = sync
    }

    /// The kernel's.
    package static let system = AuditFileCalls(
        write: { descriptor, bytes, offset in
            let written = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, offset) }
            return written < 0 ? -Int(errno) : written
        },
        sync: { descriptor in fdatasync(descriptor) == 0 ? 0 : -Int(errno) }
    )
}

/// Owned by the writer queue alone.
struct AuditFile {
    private let path: String
    private let calls: AuditFileCalls
    /// Negative while closed.
    private var descriptor: Int32 = -1
    /// All bytes before this are durable records.
    private var durable: Int = 0
    private(set) var nextIndex: UInt64 = 0
    /// Bytes of a torn last line that were cut off when the file was opened.
    private(set) var repaired = 0

    /// No line is longer: at most 40 fields of at most 512 bytes, each byte escaped to six.
    static let longestLine = 1 << 18

    init(path: String, calls: AuditFileCalls) throws(AuditFailure) {
        self.path = path
        self.calls = calls
        descriptor = try Self.open(path)
        do throws(AuditFailure) {
            try recover()
        } catch {
            close()
            throw error
        }
    }

    mutating func close() {
        guard 0 <= descriptor else { return }
        Glibc.close(descriptor)
        descriptor = -1
    }

    // MARK: Writing

    /// Appends lines and returns when they are durable; if it throws, the file is as it was before.
    mutating func append(_ lines: [UInt8], count: Int) throws(AuditFailure) {
        try makeReady()
        do throws(AuditFailure) {
            try writeAll(lines)
            try Self.check(calls.sync(descriptor), "fdatasync")
        } catch {
            // After a failed sync the kernel may hold pages as clean that never reached the disk. So the
            // bytes are cut off, the file is opened anew, and the next records are written afresh.
            _ = ftruncate(descriptor, durable)
            close()
            throw error
        }
        durable += lines.count
        nextIndex += UInt64(count)
    }

    private func writeAll(_ bytes: [UInt8]) throws(AuditFailure) {
        var rest = bytes
        var offset = durable
        while !rest.isEmpty {
            let written = calls.write(descriptor, rest, offset)
            if written == -Int(EINTR) { continue }
            try Self.check(written, "write")
            guard 0 < written else { throw AuditFailure(reason: "write: nothing written") }
            rest.removeFirst(min(written, rest.count))
            offset += written
        }
    }

    /// Opens the file again after a failure; only then is `nextIndex` sure.
    mutating func makeReady() throws(AuditFailure) {
        guard descriptor < 0 else { return }
        descriptor = try Self.open(path)
        do throws(AuditFailure) {
            if try durable <= size() {
                guard ftruncate(descriptor, durable) == 0 else { throw Self.failure("ftruncate") }
            } else {
                // Somebody put another file here; the numbering goes on from the higher of the two.
                let expected = nextIndex
                try recover()
                nextIndex = max(nextIndex, expected)
            }
        } catch {
            close()
            throw error
        }
    }

    // MARK: Opening

    private static func open(_ path: String) throws(AuditFailure) -> Int32 {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard 0 <= descriptor else { throw failure("open \(path)") }
        // Two writers would give one number twice.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let failure = failure("lock \(path)")
            Glibc.close(descriptor)
            throw failure
        }
        return descriptor
    }

    /// Finds the last record; cuts off what a crash left unfinished behind it.
    private mutating func recover() throws(AuditFailure) {
        let size = try size()
        let window = min(size, Self.longestLine * 2)
        let tail = try read(from: size - window, count: window)
        let newline = UInt8(ascii: "\n")
        let end = tail.lastIndex(of: newline).map { $0 + 1 } ?? 0
        guard 0 < end || size == window else {
            throw AuditFailure(reason: "\(path) does not end in a record")
        }
        repaired = tail.count - end
        durable = size - repaired
        if 0 < repaired {
            guard ftruncate(descriptor, durable) == 0 else { throw Self.failure("ftruncate") }
        }
        guard fsync(descriptor) == 0 else { throw Self.failure("fsync") }
        try syncDirectory()
        guard 0 < end else {
            nextIndex = 0
            return
        }
        let lines = tail[..<(end - 1)]
        let start = lines.lastIndex(of: newline).map { $0 + 1 } ?? 0
        guard let index = AuditLine.index(of: lines[start...]), index < .max else {
            throw AuditFailure(reason: "the last line of \(path) is no record of this log")
        }
        nextIndex = index + 1
    }

    /// A new file's name is durable only when its directory is.
    private func syncDirectory() throws(AuditFailure) {
        let parent = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let directory = Glibc.open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard 0 <= directory else { throw Self.failure("open \(parent)") }
        let answer = fsync(directory)
        Glibc.close(directory)
        guard answer == 0 else { throw Self.failure("fsync \(parent)") }
    }

    private func size() throws(AuditFailure) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.failure("fstat") }
        return status.st_size
    }

    private func read(from offset: Int, count: Int) throws(AuditFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var chunk = [UInt8](repeating: 0, count: count - bytes.count)
            let got = chunk.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress, $0.count, offset + bytes.count)
            }
            guard 0 < got else { throw Self.failure("read") }
            bytes += chunk.prefix(got)
        }
        return bytes
    }

    // MARK: Failures

    private static func check(_ answer: Int, _ call: String) throws(AuditFailure) {
        guard answer < 0 else { return }
        throw AuditFailure(reason: "\(call): \(String(cString: strerror(Int32(clamping: -answer))))")
    }

    private static func failure(_ call: String) -> AuditFailure {
        AuditFailure(reason: "\(call): \(String(cString: strerror(errno)))")
    }
}
