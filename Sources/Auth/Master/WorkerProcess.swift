// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one worker, seen from the master.

internal import DaemonMessages
internal import LinuxKit

/// A child, the line to it, and what it is doing.
final class WorkerProcess {
    enum Duty: Hashable {
        /// In the pool.
        case idle
        /// Runs this connection's conversation.
        case serves(UInt64)
        /// Has been told to go; killed when the time is over.
        case leaving(until: Duration)
    }

    let id: UInt64
    let line: UnixStream
    var duty = Duty.idle
    /// Of the conversation it serves or served, for the log.
    var correlation: CorrelationID?
    /// The line brought its end; only the process's end is awaited.
    private(set) var lineEnded = false
    /// Killed by us: its end is not a crash.
    private(set) var isKilled = false
    private let incoming = FrameBuffer(limit: AuthLimits.workerFrameBytes)
    private var process: ChildProcess

    init(id: UInt64, process: consuming ChildProcess, line: consuming UnixStream) {
        self.id = id
        self.process = process
        self.line = line
    }

    var pid: Int32 { process.pid }

    /// The pidfd and the line, for polling.
    var pidDescriptor: Int32 { process.withRaw { $0 } }
    var lineDescriptor: Int32 { line.withRaw { $0 } }

    /// Passes a whole frame.
    ///
    /// The line is empty before each, and a frame of ours fits the kernel's buffer; a worker that does not
    /// take it is broken (false).
    func pass(_ frame: [UInt8]) -> Bool {
        line.writeAll(frame, milliseconds: 0)
    }

    /// One frame of what has arrived; nil when there is none yet.
    ///
    /// Throws for anything that is no reply.
    func nextReply() throws -> SignInReply? {
        guard let frame = try incoming.next() else { return nil }
        return try SignInReply(frame: frame)
    }

    /// Takes what is there; false when there was nothing.
    @discardableResult
    func receive() -> Bool {
        switch line.read(limit: AuthLimits.bytesPerTurn) {
        case .bytes(var bytes):
            incoming.append(&bytes)
            return true
        case .nothing: return false
        case .end:
            lineEnded = true
            return false
        }
    }

    /// Ends the line; the worker finds out when it next asks something.
    func dismiss(until: Duration) {
        guard duty != .leaving(until: .zero) else { return }
        line.finishSending()
        duty = .leaving(until: until)
    }

    /// SIGKILL for it and for what it started.
    func kill() {
        isKilled = true
        process.kill()
        duty = .leaving(until: .zero)
    }

    /// How it ended, or nil while it runs.
    ///
    /// What it started and left behind goes with one that ended badly.
    func reap() -> ProcessEnd? {
        process.reap { end in
            if case .exited(let code) = end, WorkerExit(code: code) != nil { true } else { false }
        }
    }
}
