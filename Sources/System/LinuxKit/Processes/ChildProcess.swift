// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a process that we started and must reap.

internal import CLinux
internal import Glibc

/// How a process ended.
package enum ProcessEnd: Hashable, Sendable {
    case exited(Int32)
    case killed(signal: Int32)
}

/// A child, held by its pidfd: the number cannot come to mean another process.
///
/// Whoever owns it reaps it; an owner that goes away without having reaped it kills it.
package struct ChildProcess: ~Copyable {
    /// For the log only; signals go through the pidfd.
    package let pid: Int32
    private let descriptor: OwnedFD
    private let leadsGroup: Bool
    private var end: ProcessEnd?

    init(pid: Int32, descriptor: consuming OwnedFD, leadsGroup: Bool) {
        self.pid = pid
        self.descriptor = descriptor
        self.leadsGroup = leadsGroup
    }

    deinit {
        guard end == nil else { return }
        descriptor.withRaw { _ = th_signal_process($0, SIGKILL) }
        var code: Int32 = 0
        var signal: Int32 = 0
        var ready = descriptor.withRaw { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        // SIGKILL does not wait long; the bound is for a process stuck in the kernel.
        _ = unsafe poll(&ready, 1, 1000)
        descriptor.withRaw { _ = unsafe th_reap($0, 0, &code, &signal) }
    }

    /// Lends the pidfd, which becomes readable when the process ends.
    package borrowing func withRaw<R: ~Copyable, E: Error>(_ body: (Int32) throws(E) -> R) throws(E) -> R {
        try descriptor.withRaw(body)
    }

    /// SIGKILL for the process and, when it leads a group, for what it started there.
    ///
    /// Only before it is reaped: then the group's number cannot have been given to somebody else.
    package borrowing func kill() {
        guard end == nil else { return }
        if leadsGroup { _ = Glibc.kill(-pid, SIGKILL) }
        descriptor.withRaw { _ = th_signal_process($0, SIGKILL) }
    }

    /// How it ended, or nil while it runs.
    ///
    /// Does not block.
    ///
    /// When `isOrderly` says no, SIGKILL ends what the process left behind in its group.
    package mutating func reap(isOrderly: (ProcessEnd) -> Bool = { _ in true }) -> ProcessEnd? {
        if let end { return end }
        guard let found = look(keep: true) else { return nil }
        if leadsGroup && !isOrderly(found) { _ = Glibc.kill(-pid, SIGKILL) }
        _ = look(keep: false)
        end = found
        return found
    }

    private borrowing func look(keep: Bool) -> ProcessEnd? {
        var code: Int32 = -1
        var signal: Int32 = -1
        let result = descriptor.withRaw { unsafe th_reap($0, keep ? 1 : 0, &code, &signal) }
        guard result != 0 else { return nil }
        // -1: somebody else reaped it (SIGCHLD ignored); its code is lost, and that counts as a kill.
        return result == 1 && 0 <= code ? .exited(code) : .killed(signal: max(signal, 0))
    }
}
