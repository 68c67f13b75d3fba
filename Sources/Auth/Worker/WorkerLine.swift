// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the worker's line to the master, blocking: a worker has nothing else to do.

internal import DaemonMessages
internal import LinuxKit

/// Frames in both directions.
///
/// Not for more than one thread.
final class WorkerLine {
    private let stream: UnixStream
    private let incoming = FrameBuffer(limit: AuthLimits.clientFrameBytes)

    init(_ stream: consuming UnixStream) { self.stream = stream }

    /// The next request, or nil when the master has closed the line.
    ///
    /// Never ends by time: the master kills.
    func receive() throws(WorkerFailure) -> SignInRequest? {
        while true {
            if var frame = try nextFrame() {
                defer { ProcessHardening.wipe(&frame) }
                do {
                    return try SignInRequest(frame: frame)
                } catch {
                    throw WorkerFailure(.lineBroken)
                }
            }
            guard case .bytes(var bytes) = stream.read(limit: AuthLimits.bytesPerTurn, milliseconds: -1)
            else {
                return nil
            }
            incoming.append(&bytes)
        }
    }

    /// False when the master is gone.
    func send(_ reply: SignInReply) -> Bool {
        stream.writeAll(reply.encoded(), milliseconds: -1)
    }

    private func nextFrame() throws(WorkerFailure) -> [UInt8]? {
        do {
            return try incoming.next()
        } catch {
            throw WorkerFailure(.lineBroken)
        }
    }
}

/// Ends a worker's work early; the master learns it from the exit code.
struct WorkerFailure: Error, Hashable, Sendable {
    let exit: WorkerExit

    init(_ exit: WorkerExit) { self.exit = exit }
}
