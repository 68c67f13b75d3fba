// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a beat that wakes a poller.

internal import CLinux
internal import Glibc

/// A timerfd that becomes readable at every beat.
///
/// Cheaper than a timeout of each wait: the kernel's timer is set once and not again for every sleep.
package struct Ticker: ~Copyable, Sendable {
    private let descriptor: OwnedFD
    /// Milliseconds between beats; 0 while it stands still.
    package private(set) var interval: UInt32 = 0

    /// Stands still.
    package init() throws(SystemError) {
        let raw = th_ticker()
        guard 0 <= raw else { throw .last("timerfd_create") }
        descriptor = OwnedFD(adopting: raw)
    }

    /// The number to register with a poller.
    package var fd: Int32 { descriptor.withRaw { $0 } }

    /// Beats every so many milliseconds from now on; 0 stops it.
    ///
    /// Costs nothing when that is what it does already.
    package mutating func beat(every milliseconds: UInt32) throws(SystemError) {
        guard milliseconds != interval else { return }
        let code = descriptor.withRaw { th_ticker_set($0, milliseconds) }
        guard code == 0 else { throw .last("timerfd_settime") }
        interval = milliseconds
    }

    /// Forgets the beats so far.
    package borrowing func clear() {
        var beats: UInt64 = 0
        descriptor.withRaw { _ = unsafe read($0, &beats, 8) }
    }
}
