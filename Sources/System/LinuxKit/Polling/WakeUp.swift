// SPDX-License-Identifier: EUPL-1.2
// Torhaus: lets one thread wake another that waits in epoll.

internal import CLinux
internal import Glibc

/// An eventfd: `signal` from any thread makes the watching poller return.
package struct WakeUp: ~Copyable, Sendable {
    private let descriptor: OwnedFD

    package init() throws(SystemError) {
        let raw = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        guard 0 <= raw else { throw .last("eventfd") }
        descriptor = OwnedFD(adopting: raw)
    }

    /// The number to register with a poller.
    package var fd: Int32 { descriptor.withRaw { $0 } }

    /// Wakes the watcher; many signals before it looks count as one.
    package borrowing func signal() {
        var one: UInt64 = 1
        descriptor.withRaw { _ = unsafe write($0, &one, 8) }
    }

    /// Forgets the signals so far.
    package borrowing func clear() {
        var value: UInt64 = 0
        descriptor.withRaw { _ = unsafe read($0, &value, 8) }
    }
}
