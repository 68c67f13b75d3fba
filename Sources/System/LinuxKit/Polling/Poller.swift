// SPDX-License-Identifier: EUPL-1.2
// Torhaus: an epoll instance and what it reports.

internal import CLinux
internal import Glibc

/// What a registration wants to hear of.
package struct Interest: OptionSet, Sendable, Hashable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let read = Interest(rawValue: UInt32(EPOLLIN.rawValue))
    package static let write = Interest(rawValue: UInt32(EPOLLOUT.rawValue))
    /// The peer closed its sending side.
    package static let peerClosed = Interest(rawValue: UInt32(EPOLLRDHUP.rawValue))
    /// Wakes one of several pollers that share a listener.
    package static let exclusive = Interest(rawValue: UInt32(EPOLLEXCLUSIVE.rawValue))
}

/// One ready descriptor.
package struct Ready: Sendable {
    /// The number given at registration.
    package let token: UInt64
    private let events: UInt32

    fileprivate init(token: UInt64, events: UInt32) {
        self.token = token
        self.events = events
    }

    package var readable: Bool { events & UInt32(EPOLLIN.rawValue) != 0 }
    package var writable: Bool { events & UInt32(EPOLLOUT.rawValue) != 0 }
    /// An error, or both directions are closed: reading or writing will say what it is.
    package var broken: Bool { events & UInt32(EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 }
    package var peerClosed: Bool { events & UInt32(EPOLLRDHUP.rawValue) != 0 }
}

/// Room for what one wait reports; made once per thread.
@safe package struct ReadyBatch: ~Copyable {
    /// The most that one wait reports.
    package static let capacity = 256

    fileprivate let storage: UnsafeMutablePointer<th_ready>
    package fileprivate(set) var count = 0

    package init() {
        unsafe storage = .allocate(capacity: Self.capacity)
        unsafe storage.initialize(repeating: th_ready(), count: Self.capacity)
    }

    deinit { unsafe storage.deallocate() }

    /// The entry at `index`, which must be below `count`.
    package subscript(index: Int) -> Ready {
        precondition(0 <= index && index < count, "ready index out of range")
        return unsafe Ready(token: storage[index].token, events: storage[index].events)
    }
}

/// An epoll instance, level-triggered.
package struct Poller: ~Copyable, Sendable {
    private let descriptor: OwnedFD

    package init() throws(SystemError) {
        let raw = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard 0 <= raw else { throw .last("epoll_create1") }
        descriptor = OwnedFD(adopting: raw)
    }

    /// Starts to watch a descriptor.
    package borrowing func add(_ fd: Int32, _ interest: Interest, token: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_ADD, fd, interest, token)
    }

    /// Changes what is wanted of a watched descriptor.
    package borrowing func modify(_ fd: Int32, _ interest: Interest, token: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_MOD, fd, interest, token)
    }

    /// Stops watching; closing the last descriptor of a file does the same.
    package borrowing func remove(_ fd: Int32) {
        descriptor.withRaw { _ = th_epoll_ctl($0, EPOLL_CTL_DEL, fd, 0, 0) }
    }

    /// Waits up to `milliseconds` (-1: without end) and fills the batch.
    ///
    /// A signal counts as nothing ready.
    package borrowing func wait(into batch: inout ReadyBatch, milliseconds: Int32) {
        let count = descriptor.withRaw {
            unsafe th_epoll_wait($0, batch.storage, Int32(ReadyBatch.capacity), milliseconds)
        }
        batch.count = max(0, Int(count))
    }

    private borrowing func control(
        _ operation: Int32,
        _ fd: Int32,
        _ interest: Interest,
        _ token: UInt64
    ) throws(SystemError) {
        let code = descriptor.withRaw { th_epoll_ctl($0, operation, fd, interest.rawValue, token) }
        guard code == 0 else { throw .last("epoll_ctl") }
    }
}
