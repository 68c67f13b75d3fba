// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a listening Unix stream socket.

internal import CLinux
internal import Glibc

/// Accepts connections; non-blocking.
///
/// The file at its path is left behind: the next start replaces it.
package struct UnixListener: ~Copyable, Sendable {
    private let descriptor: OwnedFD

    /// Binds and listens.
    ///
    /// A socket file that nobody listens on is replaced; a living one is EADDRINUSE.
    package init(path: String, mode: UInt32, backlog: Int32 = 128) throws(SystemError) {
        let raw = unsafe th_unix_listen(path, mode, backlog)
        guard 0 <= raw else { throw .last("listen on \(path)") }
        descriptor = OwnedFD(adopting: raw)
    }

    /// Takes over a socket that listens already, such as one from systemd; it must be non-blocking.
    package init(adopting descriptor: consuming OwnedFD) {
        self.descriptor = descriptor
    }

    /// Lends the number to poll.
    package borrowing func withRaw<R: ~Copyable, E: Error>(_ body: (Int32) throws(E) -> R) throws(E) -> R {
        try descriptor.withRaw(body)
    }

    /// The next waiting connection, or nil when there is none (any more).
    package borrowing func accept() throws(SystemError) -> UnixStream? {
        let raw = descriptor.withRaw { th_unix_accept($0) }
        if 0 <= raw { return UnixStream(adopting: OwnedFD(adopting: raw)) }
        switch errno {
        case EAGAIN, EINTR, ECONNABORTED: return nil
        default: throw .last("accept")
        }
    }
}
