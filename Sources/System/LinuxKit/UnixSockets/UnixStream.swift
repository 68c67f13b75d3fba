// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one end of a Unix stream connection.

internal import CLinux
internal import Glibc

/// Who is at the other end, as the kernel knows it from the moment of connecting (SO_PEERCRED).
package struct PeerIdentity: Hashable, Sendable {
    package let user: UInt32
    package let group: UInt32
    package let process: Int32
}

/// What one attempt to read brought.
package enum StreamRead: Hashable, Sendable {
    case bytes([UInt8])
    /// Nothing is there now.
    case nothing
    /// The peer has closed, or the connection is broken.
    case end
}

/// A connection; no call blocks unless it is given a deadline.
package struct UnixStream: ~Copyable, Sendable {
    private let descriptor: OwnedFD

    /// Takes over a connected socket.
    package init(adopting descriptor: consuming OwnedFD) {
        self.descriptor = descriptor
    }

    /// Connects; waits in small steps while the listener's queue is full, at most for the time given.
    package init(path: String, milliseconds: Int32) throws(SystemError) {
        let deadline = ContinuousClock.now + .milliseconds(Int(milliseconds))
        while true {
            let raw = unsafe th_unix_connect(path)
            if 0 <= raw {
                descriptor = OwnedFD(adopting: raw)
                return
            }
            let failure = SystemError.last("connect to \(path)")
            guard failure.code == EAGAIN, ContinuousClock.now < deadline else { throw failure }
            usleep(10_000)
        }
    }

    /// Makes two connected ends; what the body does not keep is closed when it returns.
    package static func withPair<R: ~Copyable>(
        _ body: (consuming UnixStream, consuming UnixStream) throws(SystemError) -> R
    ) throws(SystemError) -> R {
        var numbers: [Int32] = [-1, -1]
        guard unsafe th_unix_pair(&numbers) == 0 else { throw .last("socketpair") }
        return try body(
            UnixStream(adopting: OwnedFD(adopting: numbers[0])),
            UnixStream(adopting: OwnedFD(adopting: numbers[1]))
        )
    }

    /// The descriptor closes when the process runs another program.
    package borrowing func closeOnExec() {
        descriptor.withRaw { _ = th_close_on_exec($0) }
    }

    /// Lends the number to poll or to hand to a child.
    package borrowing func withRaw<R: ~Copyable, E: Error>(_ body: (Int32) throws(E) -> R) throws(E) -> R {
        try descriptor.withRaw(body)
    }

    /// SO_PEERCRED.
    package borrowing func peer() throws(SystemError) -> PeerIdentity {
        var user: UInt32 = 0
        var group: UInt32 = 0
        var process: Int32 = 0
        guard descriptor.withRaw({ unsafe th_unix_peer($0, &user, &group, &process) }) == 0 else {
            throw .last("getsockopt(SO_PEERCRED)")
        }
        return PeerIdentity(user: user, group: group, process: process)
    }

    // MARK: Receiving

    /// What is there now, at most `limit` bytes.
    package borrowing func read(limit: Int) -> StreamRead {
        var count = 0
        var failure: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { room, used in
            if let base = room.baseAddress {
                count = descriptor.withRaw { unsafe th_receive_now($0, base, limit) }
                failure = errno
            }
            used = max(0, count)
        }
        if 0 < count { return .bytes(bytes) }
        return count < 0 && failure == EAGAIN ? .nothing : .end
    }

    /// Waits until something is there, the peer has closed, or the time is over (`nothing`).
    ///
    /// Negative: no limit.
    package borrowing func read(limit: Int, milliseconds: Int32) -> StreamRead {
        let first = read(limit: limit)
        guard first == .nothing else { return first }
        return wait(for: POLLIN, milliseconds: milliseconds) ? read(limit: limit) : .nothing
    }

    // MARK: Sending

    /// How many of the bytes the kernel took, possibly none; nil when the connection is broken.
    package borrowing func write(_ bytes: RawSpan) -> Int? {
        guard !bytes.isEmpty else { return 0 }
        let count = unsafe bytes.withUnsafeBytes { raw -> Int in
            guard let base = raw.baseAddress else { return 0 }
            return descriptor.withRaw { unsafe th_send_now($0, base, raw.count) }
        }
        if 0 <= count { return count }
        return errno == EAGAIN ? 0 : nil
    }

    /// Sends all bytes; false when the connection broke or the time was over before each single step.
    ///
    /// Negative: no limit.
    package borrowing func writeAll(_ bytes: [UInt8], milliseconds: Int32) -> Bool {
        var rest = unsafe bytes.span.bytes
        while !rest.isEmpty {
            guard let count = write(rest) else { return false }
            rest = rest.extracting(droppingFirst: count)
            guard rest.isEmpty || wait(for: POLLOUT, milliseconds: milliseconds) else { return false }
        }
        return true
    }

    /// The peer reads an end; receiving goes on.
    package borrowing func finishSending() {
        descriptor.withRaw { _ = th_shutdown_sending($0) }
    }

    private borrowing func wait(for events: Int32, milliseconds: Int32) -> Bool {
        let deadline = ContinuousClock.now + .milliseconds(Int(milliseconds))
        while true {
            var rest = milliseconds
            if 0 <= milliseconds { rest = max(0, PollTime.milliseconds(until: deadline)) }
            var entry = descriptor.withRaw { pollfd(fd: $0, events: Int16(events), revents: 0) }
            let result = unsafe poll(&entry, 1, rest)
            if 0 < result { return true }
            if result == 0 || errno != EINTR { return false }
        }
    }
}
