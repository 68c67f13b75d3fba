// SPDX-License-Identifier: EUPL-1.2
// Torhaus: LinuxKit owns descriptors, sockets, the epoll loop, processes and signals.

internal import Glibc

/// A file descriptor with one owner; closes when the owner goes away.
package struct OwnedFD: ~Copyable, Sendable {
    private let raw: Int32

    /// Takes over a descriptor that nobody else closes.
    package init(adopting raw: Int32) {
        precondition(0 <= raw, "negative descriptor")
        self.raw = raw
    }

    deinit { _ = close(raw) }

    /// Lends the number for one call.
    package borrowing func withRaw<R: ~Copyable, E: Error>(_ body: (Int32) throws(E) -> R) throws(E) -> R {
        try body(raw)
    }

    /// Gives the number away; the caller closes it.
    package consuming func release() -> Int32 {
        let number = raw
        discard self
        return number
    }
}

/// A failed system call: its name and errno.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    package let call: String
    package let code: Int32

    package init(_ call: String, code: Int32) {
        self.call = call
        self.code = code
    }

    /// Reads errno; call it at once after the failure.
    package static func last(_ call: String) -> SystemError { SystemError(call, code: errno) }

    /// The call and the text of its errno, such as "open: No such file or directory".
    package var description: String {
        unsafe "\(call): \(String(cString: strerror(code)))"
    }
}
