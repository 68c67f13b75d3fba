// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a block of bytes that a thread reads into and writes from, made once and never grown.

internal import CLinux

/// A fixed block of heap memory, aligned to a page, zeroed when made.
///
/// `count` bytes from the front are filled; helpers move them, none of them allocates.
/// One per thread and purpose: a connection never owns one, so that idle sessions cost nothing here.
@safe
package struct IOBuffer: ~Copyable, @unchecked Sendable {
    // Unchecked: the pointer has this value as its only owner, and moves with it.

    /// What a loop reads at once: batch size is what throughput depends on.
    ///
    /// Encrypted (22 to 29 bytes more for each 16,384) it fills four segments of at most 64 KiB, the most that Linux
    /// passes on at once (GSO), and leaves no fifth, nearly empty one: 4 x 65,160 bytes at an MTU of 1,500.
    package static let batchBytes = 254 * 1024

    private let base: UnsafeMutableRawPointer

    /// Bytes the block holds; never changes.
    package let capacity: Int

    /// Bytes filled from the front.
    package private(set) var count = 0

    /// Behind the last byte that something was written to since the block was made or wiped.
    package private(set) var reach = 0

    /// Makes a block; `capacity` must be positive.
    package init(capacity: Int) {
        precondition(0 < capacity, "empty buffer")
        let pageBytes = 4096
        unsafe base = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: pageBytes)
        _ = unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: capacity)
        self.capacity = capacity
    }

    deinit { unsafe base.deallocate() }

    // MARK: Looking

    /// Bytes left behind the filled ones.
    package var room: Int { capacity - count }

    /// The filled bytes.
    package var bytes: RawSpan {
        @_lifetime(borrow self)
        borrowing get {
            let span = unsafe RawSpan(_unsafeStart: base, byteCount: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// The whole block, filled or not, for reading from the kernel or a TLS connection at an offset.
    ///
    /// Who writes what has to be wiped says so with `reached`.
    package var mutableBytes: MutableRawSpan {
        @_lifetime(&self)
        mutating get {
            let span = unsafe MutableRawSpan(_unsafeStart: base, byteCount: capacity)
            return unsafe _overrideLifetime(span, mutating: &self)
        }
    }

    /// Any part of the block, filled or not; empty when the range reaches beyond it.
    @_lifetime(borrow self)
    package borrowing func bytes(in range: Range<Int>) -> RawSpan {
        let inside = 0 <= range.lowerBound && range.upperBound <= capacity
        let span = unsafe RawSpan(
            _unsafeStart: inside ? base + range.lowerBound : base,
            byteCount: inside ? range.count : 0
        )
        return unsafe _overrideLifetime(span, borrowing: self)
    }

    // MARK: Filling

    /// Says how many bytes from the front are filled, after something wrote through `mutableBytes`.
    package mutating func setCount(_ filled: Int) {
        precondition(0 <= filled && filled <= capacity, "count beyond the buffer")
        count = filled
        reached(filled)
    }

    /// Adds bytes behind the filled ones; false, and nothing changed, when they do not fit.
    package mutating func append(_ span: RawSpan) -> Bool {
        guard write(span, at: count) else { return false }
        count += span.byteCount
        return true
    }

    /// Copies bytes to a place in the block without touching `count`; false when they do not fit.
    package mutating func write(_ span: RawSpan, at offset: Int) -> Bool {
        guard 0 <= offset, offset <= capacity, span.byteCount <= capacity - offset else { return false }
        reached(offset + span.byteCount)
        let target = unsafe base + offset
        unsafe span.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            unsafe target.copyMemory(from: start, byteCount: source.count)
        }
        return true
    }

    /// Forgets bytes at the front and moves the rest down.
    package mutating func dropFirst(_ dropped: Int) {
        precondition(0 <= dropped && dropped <= count, "dropping more than there is")
        count -= dropped
        guard 0 < dropped, 0 < count else { return }
        unsafe base.copyMemory(from: base + dropped, byteCount: count)
    }

    /// Moves a part of the block to another place in it; the parts may overlap.
    ///
    /// False when either is outside.
    package mutating func move(_ range: Range<Int>, to offset: Int) -> Bool {
        guard 0 <= range.lowerBound, range.upperBound <= capacity, 0 <= offset, offset <= capacity,
            range.count <= capacity - offset
        else { return false }
        reached(offset + range.count)
        unsafe (base + offset).copyMemory(from: base + range.lowerBound, byteCount: range.count)
        return true
    }

    /// Forgets everything; the bytes stay in memory until overwritten.
    package mutating func removeAll() { count = 0 }

    // MARK: Wiping

    /// Says that bytes up to `end` were written through `mutableBytes`; what is beyond the block does not count.
    package mutating func reached(_ end: Int) { reach = max(reach, min(end, capacity)) }

    /// Forgets everything and overwrites what passed through since the last time, in a way the compiler must keep.
    package mutating func wipe() {
        count = 0
        guard 0 < reach else { return }
        unsafe th_wipe(base, reach)
        reach = 0
    }
}
