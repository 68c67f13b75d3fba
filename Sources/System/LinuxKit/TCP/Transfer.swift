// SPDX-License-Identifier: EUPL-1.2
// Torhaus: moving bytes between spans and sockets without copies and without allocation.

internal import CLinux
internal import Glibc

/// How one read or write ended.
package enum Transfer: Sendable, Hashable {
    case bytes(Int)
    case wouldBlock
    /// Reading only: the peer sends nothing more.
    case endOfStream
    /// errno
    case failed(Int32)

    fileprivate static func ended(_ count: Int, reading: Bool) -> Transfer {
        if 0 < count { return .bytes(count) }
        if count == 0 { return reading ? .endOfStream : .wouldBlock }
        switch errno {
        case EAGAIN, EINTR: return .wouldBlock
        case let code: return .failed(code)
        }
    }
}

extension StreamSocket {
    /// Reads at most `count` bytes to `offset`; the range must lie inside the span.
    package static func receive(
        from fd: Int32,
        into span: inout MutableRawSpan,
        at offset: Int,
        count: Int
    ) -> Transfer {
        unsafe span.withUnsafeMutableBytes { buffer in
            precondition(0 <= offset && 0 <= count && offset + count <= buffer.count, "receive out of range")
            guard let base = buffer.baseAddress else { return .wouldBlock }
            return unsafe .ended(recv(fd, base + offset, count, 0), reading: true)
        }
    }

    /// Reads into slots: `slots` times `gap` untouched bytes (for a header) and `payload` bytes.
    ///
    /// The result counts payload bytes only; all slots before the last used one are full.
    package static func receiveIntoSlots(
        from fd: Int32,
        into span: inout MutableRawSpan,
        gap: Int,
        payload: Int,
        slots: Int
    ) -> Transfer {
        unsafe span.withUnsafeMutableBytes { buffer in
            precondition(0 < slots && slots <= SegmentList.capacity && 0 <= gap && 0 < payload, "bad slots")
            precondition(slots * (gap + payload) <= buffer.count, "slots out of range")
            guard let base = buffer.baseAddress else { return .wouldBlock }
            if slots == 1 { return unsafe .ended(recv(fd, base + gap, payload, 0), reading: true) }
            return unsafe withUnsafeTemporaryAllocation(of: iovec.self, capacity: slots) { vectors in
                for slot in 0..<slots {
                    unsafe vectors[slot] = iovec(
                        iov_base: base + slot * (gap + payload) + gap,
                        iov_len: payload
                    )
                }
                return unsafe .ended(readv(fd, vectors.baseAddress, Int32(slots)), reading: true)
            }
        }
    }

    /// Writes what the socket takes of the span.
    package static func send(to fd: Int32, _ span: RawSpan) -> Transfer {
        unsafe span.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress, 0 < buffer.count else { return .bytes(0) }
            return unsafe .ended(Glibc.send(fd, base, buffer.count, Int32(MSG_NOSIGNAL)), reading: false)
        }
    }

    /// Writes what the socket takes of the segments of the span, in order.
    package static func send(
        to fd: Int32,
        _ span: RawSpan,
        segments: borrowing SegmentList
    ) -> Transfer {
        if segments.count == 1 { return send(to: fd, span.extracting(segments[0])) }
        return unsafe span.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress, 0 < segments.count else { return .bytes(0) }
            return unsafe withUnsafeTemporaryAllocation(of: iovec.self, capacity: segments.count) { vectors in
                for index in 0..<segments.count {
                    let range = segments[index]
                    precondition(range.upperBound <= buffer.count, "segment out of range")
                    unsafe vectors[index] = iovec(
                        iov_base: unsafe UnsafeMutableRawPointer(mutating: base + range.lowerBound),
                        iov_len: range.count
                    )
                }
                var message = unsafe msghdr()
                unsafe message.msg_iov = vectors.baseAddress
                unsafe message.msg_iovlen = segments.count
                return unsafe .ended(sendmsg(fd, &message, Int32(MSG_NOSIGNAL)), reading: false)
            }
        }
    }
}
