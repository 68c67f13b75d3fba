// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one client connection of the master: its bytes, its conversation, its worker.

internal import DaemonMessages
internal import LinuxKit

/// What the master keeps for a client.
final class AuthConnection {
    let id: UInt64
    let stream: UnixStream
    let started: Duration
    var conversation: Conversation
    /// Set while a worker serves it.
    var worker: WorkerProcess?
    /// Set when the last reply is sent or queued: input is thrown away until the client closes or this time.
    private(set) var farewell: Duration?
    private let incoming = FrameBuffer(limit: AuthLimits.clientFrameBytes)
    private var outgoing: [UInt8] = []

    init(id: UInt64, stream: consuming UnixStream, conversation: Conversation, now: Duration) {
        self.id = id
        self.stream = stream
        self.conversation = conversation
        started = now
    }

    var descriptor: Int32 { stream.withRaw { $0 } }
    var wantsToWrite: Bool { !outgoing.isEmpty }

    // MARK: Receiving

    /// Takes what is there; false at the end of the client's side.
    func receive() -> Bool {
        switch stream.read(limit: AuthLimits.bytesPerTurn) {
        case .bytes(var bytes):
            // After the last reply nothing is read any more, only taken: closing with unread bytes would reset the
            // connection, and the client could lose the reply.
            if farewell == nil { incoming.append(&bytes) } else { ProcessHardening.wipe(&bytes) }
            return true
        case .nothing: return true
        case .end: return false
        }
    }

    /// The next whole frame, to be wiped by the caller.
    func nextFrame() throws -> [UInt8]? {
        farewell == nil ? try incoming.next() : nil
    }

    // MARK: Sending

    /// Queues a reply and sends what the kernel takes; false when the connection is broken.
    func send(_ reply: SignInReply) -> Bool {
        outgoing += reply.encoded()
        return flush()
    }

    /// False when the connection is broken.
    func flush() -> Bool {
        guard !outgoing.isEmpty else { return true }
        guard let count = stream.write(unsafe outgoing.span.bytes) else { return false }
        outgoing.removeFirst(count)
        if outgoing.isEmpty && farewell != nil { stream.finishSending() }
        return true
    }

    /// No more replies; the client has a moment to read.
    func finish(until: Duration) {
        farewell = until
        if outgoing.isEmpty { stream.finishSending() }
    }
}
