// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a thread that sleeps until there is work or time is over.

internal import LinuxKit

/// One sleeper, any number of ringers.
final class Doorbell: Sendable {
    private let wake: WakeUp

    init() throws(SystemError) { wake = try WakeUp() }

    /// The number to poll where other descriptors are polled too.
    var descriptor: Int32 { wake.fd }

    func ring() { wake.signal() }

    func clear() { wake.clear() }

    /// Sleeps up to the time given (negative: without end) and forgets the rings so far.
    func wait(milliseconds: Int32) {
        var set = PollSet<Void>()
        set.add(wake.fd, for: ())
        if !set.wait(milliseconds: milliseconds).isEmpty { wake.clear() }
    }
}
