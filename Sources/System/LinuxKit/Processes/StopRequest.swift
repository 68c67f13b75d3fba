// SPDX-License-Identifier: EUPL-1.2
// Torhaus: SIGTERM and SIGINT as a descriptor to poll.

internal import CLinux

/// Readable once somebody asks the process to stop.
///
/// For processes with one thread; make it before anything else.
package struct StopRequest: ~Copyable {
    private let descriptor: OwnedFD

    /// Blocks the signals for the calling thread and ignores SIGPIPE.
    package init() throws(SystemError) {
        let raw = th_stop_signals()
        guard 0 <= raw else { throw .last("signalfd") }
        descriptor = OwnedFD(adopting: raw)
    }

    /// Lends the number to poll.
    package borrowing func withRaw<R: ~Copyable, E: Error>(_ body: (Int32) throws(E) -> R) throws(E) -> R {
        try descriptor.withRaw(body)
    }
}
