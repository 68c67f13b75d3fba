// SPDX-License-Identifier: EUPL-1.2
// Torhaus: sockets that systemd opened for us (sd_listen_fds(3)).

internal import Glibc

package enum InheritedSockets {
    /// The first number systemd passes (SD_LISTEN_FDS_START).
    private static let firstNumber: Int32 = 3
    /// More than this is a mistake in the unit.
    private static let maximum: Int32 = 64

    /// The numbers of inherited listening sockets, made non-blocking and close-on-exec; empty when there are
    /// none.
    ///
    /// The environment variables are removed, so that children do not take them for theirs.
    package static func take() -> [Int32] {
        defer {
            for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] { unsafe unsetenv(name) }
        }
        guard let pid = variable("LISTEN_PID").flatMap({ Int32($0) }), pid == getpid(),
            let count = variable("LISTEN_FDS").flatMap({ Int32($0) }), 0 < count, count <= maximum
        else { return [] }
        let numbers = (firstNumber..<firstNumber + count).map { $0 }
        for number in numbers {
            _ = fcntl(number, F_SETFD, FD_CLOEXEC)
            _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK)
        }
        return numbers
    }

    /// Raises the soft limit on open descriptors to the hard one and returns it.
    package static func raiseDescriptorLimit() -> UInt64 {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(7), &limit) == 0 else { return 0 }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(__rlimit_resource_t(7), &limit)
        return UInt64(limit.rlim_cur)
    }

    private static func variable(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }
}
