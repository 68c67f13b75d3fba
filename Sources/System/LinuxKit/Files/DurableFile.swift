// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a file whose writes survive a power failure once it was synced.

internal import CLinux
internal import Glibc

/// An open regular file, read and written at offsets.
package struct DurableFile: ~Copyable, Sendable {
    /// How a file is opened.
    package enum Opening: Sendable {
        case reading
        case writing
        /// The file must not exist yet.
        case creating(mode: UInt32)
        /// The file may exist.
        case creatingIfMissing(mode: UInt32)
    }

    private let descriptor: OwnedFD
    /// For messages.
    private let name: String

    /// Opens the file; a symbolic link is ELOOP.
    package init(_ path: String, _ opening: Opening) throws(SystemError) {
        let raw =
            switch opening {
            case .reading: unsafe th_open_file(path, 0, 0, 0, 0)
            case .writing: unsafe th_open_file(path, 1, 0, 0, 0)
            case .creating(let mode): unsafe th_open_file(path, 1, 1, 1, mode)
            case .creatingIfMissing(let mode): unsafe th_open_file(path, 1, 1, 0, mode)
            }
        guard 0 <= raw else { throw .last("open \(path)") }
        descriptor = OwnedFD(adopting: raw)
        name = path
    }

    /// Bytes in the file.
    package borrowing func size() throws(SystemError) -> Int {
        let size = descriptor.withRaw { th_file_size($0) }
        guard 0 <= size else { throw .last("fstat \(name)") }
        return Int(size)
    }

    // MARK: Reading

    /// Up to `count` bytes from `offset`; fewer at the end of the file.
    package borrowing func read(_ count: Int, at offset: Int) throws(SystemError) -> [UInt8] {
        var failure: SystemError?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { room, used in
            while used < count, let base = room.baseAddress {
                let got = descriptor.withRaw { unsafe pread($0, base + used, count - used, offset + used) }
                if got < 0 && errno == EINTR { continue }
                if got < 0 { failure = .last("read \(name)") }
                if got <= 0 { break }
                used += got
            }
        }
        if let failure { throw failure }
        return bytes
    }

    // MARK: Writing

    /// Writes all bytes at `offset`; after a failure any part of them may be in the file.
    package borrowing func write(_ bytes: RawSpan, at offset: Int) throws(SystemError) {
        var done = 0
        while done < bytes.byteCount {
            let rest = bytes.extracting(droppingFirst: done)
            let count = unsafe rest.withUnsafeBytes { raw in
                guard let base = raw.baseAddress else { return 0 }
                return descriptor.withRaw { unsafe pwrite($0, base, raw.count, offset + done) }
            }
            if count < 0 && errno == EINTR { continue }
            guard 0 < count else {
                throw count == 0 ? SystemError("write \(name)", code: EIO) : .last("write \(name)")
            }
            done += count
        }
    }

    /// Writes all bytes at `offset`.
    package borrowing func write(_ bytes: [UInt8], at offset: Int) throws(SystemError) {
        try unsafe write(bytes.span.bytes, at: offset)
    }

    /// Cuts or lengthens the file; what is added reads as zeros.
    package borrowing func truncate(to size: Int) throws(SystemError) {
        guard descriptor.withRaw({ ftruncate($0, size) }) == 0 else { throw .last("truncate \(name)") }
    }

    /// fdatasync: returns when the bytes are on the disk.
    ///
    /// After a failure nobody knows what is on the disk: the kernel may have dropped the pages.
    package borrowing func sync() throws(SystemError) {
        while descriptor.withRaw({ fdatasync($0) }) != 0 {
            guard errno == EINTR else { throw .last("fdatasync \(name)") }
        }
    }

    // MARK: Locking

    /// How often a lock is tried, and the pause between two tries.
    private static let lockTries = 20
    private static let lockPauseMicroseconds: UInt32 = 50_000

    /// Holds the file against other processes until it is closed; false when another one holds it for a second.
    ///
    /// A predecessor that is on its way out lets go at once, and so does a child that was forked at the wrong
    /// moment: it has the descriptor until it becomes another program.
    package borrowing func lock() throws(SystemError) -> Bool {
        for _ in 0..<Self.lockTries {
            if descriptor.withRaw({ th_lock_file($0) }) == 0 { return true }
            guard errno == EWOULDBLOCK else { throw .last("flock \(name)") }
            usleep(Self.lockPauseMicroseconds)
        }
        return false
    }
}
