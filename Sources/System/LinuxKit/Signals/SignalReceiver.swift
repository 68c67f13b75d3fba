// SPDX-License-Identifier: EUPL-1.2
// Torhaus: signals as something to wait for, instead of handlers that interrupt.

internal import CLinux
internal import Glibc

/// The signals that mean something to a daemon.
package enum ProcessSignal: Int32, Sendable, CaseIterable {
    case hangUp = 1
    case interrupt = 2
    case user2 = 12
    case terminate = 15
}

/// Receives blocked signals: those it is made for.
///
/// Make it before any thread starts, so that all threads inherit the block.
package struct SignalReceiver: ~Copyable, Sendable {
    private let descriptor: OwnedFD

    package init(_ signals: [ProcessSignal] = ProcessSignal.allCases) throws(SystemError) {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for each in signals { unsafe sigaddset(&set, each.rawValue) }
        let code = unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
        guard code == 0 else { throw SystemError("pthread_sigmask", code: code) }
        signal(SIGPIPE, SIG_IGN)
        let raw = unsafe signalfd(-1, &set, Int32(SFD_CLOEXEC))
        guard 0 <= raw else { throw .last("signalfd") }
        descriptor = OwnedFD(adopting: raw)
    }

    /// Waits for the next signal, at most `milliseconds`; nil when none came or it is none of ours.
    package borrowing func next(milliseconds: Int32) -> ProcessSignal? {
        let isReady = descriptor.withRaw { raw in
            var entry = pollfd(fd: raw, events: Int16(POLLIN), revents: 0)
            return unsafe poll(&entry, 1, max(0, milliseconds)) == 1
        }
        return isReady ? next() : nil
    }

    /// Waits for the next signal; nil when the wait failed or the signal is none of ours.
    package borrowing func next() -> ProcessSignal? {
        var info = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        let count = descriptor.withRaw { unsafe read($0, &info, size) }
        guard count == size, let number = Int32(exactly: info.ssi_signo) else { return nil }
        return ProcessSignal(rawValue: number)
    }
}
