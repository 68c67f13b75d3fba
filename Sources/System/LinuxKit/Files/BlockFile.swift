// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a file that is written in whole blocks past the page cache.

internal import CLinux
internal import Glibc
internal import Synchronization

/// An open regular file for writes that are durable one by one.
///
/// A write and its flush are one call (RWF_DSYNC), and the disk takes the bytes from this process (O_DIRECT). So a
/// failure is told to the write that failed, and to no other: after a failed fdatasync nobody knows which pages the
/// kernel dropped. Where the file system cannot bypass the cache (tmpfs), the bytes go through it and are flushed by
/// the same call.
package struct BlockFile: ~Copyable, Sendable {
    /// Offsets and lengths are multiples of it: the page of the file system, and no less than any disk's sector.
    package static let block = 4096
    /// Bytes of one call; what is longer goes in several, each durable before the next.
    private static let part = 1 << 20

    private let descriptor: OwnedFD
    /// For messages.
    private let name: String
    private let room = Mutex(Room())

    /// Opens a file that is there, or makes one that must not be; a symbolic link is ELOOP.
    package init(_ path: String, creating mode: UInt32? = nil) throws(SystemError) {
        let isNew: Int32 = mode == nil ? 0 : 1
        let raw = unsafe th_open_file(path, 1, isNew, isNew, mode ?? 0)
        guard 0 <= raw else { throw .last("open \(path)") }
        let owned = OwnedFD(adopting: raw)
        // A file system that cannot is served all the same.
        guard th_bypass_cache(raw, 1) == 0 || errno == EINVAL else { throw .last("fcntl \(path)") }
        descriptor = owned
        name = path
    }

    /// Bytes in the file.
    package borrowing func size() throws(SystemError) -> Int {
        let size = descriptor.withRaw { th_file_size($0) }
        guard 0 <= size else { throw .last("fstat \(name)") }
        return Int(size)
    }

    /// Writes whole blocks at the start of a block; returns when they are on the disk.
    ///
    /// EINVAL for anything but whole blocks. After a failure any part of the bytes may be in the file.
    package borrowing func write(_ bytes: [UInt8], at offset: Int) throws(SystemError) {
        try write(bytes, at: offset, isDurable: true)
    }

    /// Fills the file with zeros up to `size` and flushes it, so that later writes change neither size nor place.
    ///
    /// In parts, one after the other, so that somebody else's flush waits for a part and not for all.
    package borrowing func fill(to size: Int) throws(SystemError) {
        let zeros = [UInt8](repeating: 0, count: min(Self.part, size))
        var offset = 0
        while offset < size {
            let count = min(zeros.count, size - offset)
            try write(count == zeros.count ? zeros : Array(zeros.prefix(count)), at: offset, isDurable: false)
            offset += count
        }
        while descriptor.withRaw({ fdatasync($0) }) != 0 {
            guard errno == EINTR else { throw .last("fdatasync \(name)") }
        }
    }

    private borrowing func write(_ bytes: [UInt8], at offset: Int, isDurable: Bool) throws(SystemError) {
        guard bytes.count.isMultiple(of: Self.block), offset.isMultiple(of: Self.block), 0 <= offset else {
            throw SystemError("write \(name)", code: EINVAL)
        }
        try room.withLock { (room) throws(SystemError) in
            var done = 0
            while done < bytes.count {
                let part = unsafe room.fill(with: bytes[done..<min(done + Self.part, bytes.count)])
                guard let start = part.baseAddress else { return }
                let count = descriptor.withRaw { raw in
                    unsafe th_write_blocks(raw, start, part.count, Int64(offset + done), isDurable ? 1 : 0)
                }
                if count < 0 && errno == EINVAL && room.isCacheBypassed {
                    // Some file systems take the wish and refuse the write.
                    room.isCacheBypassed = false
                    _ = descriptor.withRaw { th_bypass_cache($0, 0) }
                    continue
                }
                guard 0 < count else {
                    throw count == 0 ? SystemError("write \(name)", code: EIO) : .last("write \(name)")
                }
                done += count
            }
        }
    }

    /// Memory that the disk can read by itself: it starts at a block.
    @safe struct Room: ~Copyable {
        // Nobody but this struct has the address.
        private nonisolated(unsafe) let bytes = UnsafeMutableRawBufferPointer.allocate(
            byteCount: BlockFile.part,
            alignment: BlockFile.block
        )

        /// As far as anybody knows.
        var isCacheBypassed = true

        deinit { unsafe bytes.deallocate() }

        /// A copy, valid until the next one.
        mutating func fill(with source: ArraySlice<UInt8>) -> UnsafeRawBufferPointer {
            unsafe bytes.copyBytes(from: source)
            return unsafe UnsafeRawBufferPointer(rebasing: bytes[..<source.count])
        }
    }
}
