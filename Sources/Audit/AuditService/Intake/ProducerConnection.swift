// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one producer's connection: its bytes in and out.

internal import DaemonMessages
internal import LinuxKit

/// Used by the intake thread alone.
final class ProducerConnection {
    let id: UInt64
    let stream: UnixStream
    let peer: PeerIdentity
    /// Requests that wait for their answer.
    var inFlight = 0
    /// Nothing is read while too much waits.
    var isPaused = false
    /// What the poller was told.
    var interest: Interest = .read
    private var assembler = FrameAssembler()
    private var outgoing: [UInt8] = []

    init(id: UInt64, stream: consuming UnixStream, peer: PeerIdentity) {
        self.id = id
        self.stream = stream
        self.peer = peer
    }

    var descriptor: Int32 { stream.withRaw { $0 } }
    var wantsToWrite: Bool { !outgoing.isEmpty }

    /// The requests that are whole now; nil at the end of the producer's side.
    ///
    /// A frame that is none throws.
    func receive() throws -> [AuditRequest]? {
        switch stream.read(limit: ServiceLimits.bytesPerTurn) {
        case .nothing: return []
        case .end: return nil
        case .bytes(let bytes):
            assembler.append(bytes)
            var requests: [AuditRequest] = []
            while let frame = try assembler.next() { requests.append(try AuditRequest(frame: frame)) }
            return requests
        }
    }

    /// Queues bytes and sends what the kernel takes; false when the connection is broken.
    func send(_ bytes: [UInt8]) -> Bool {
        outgoing += bytes
        return flush()
    }

    /// False when the connection is broken.
    func flush() -> Bool {
        guard !outgoing.isEmpty else { return true }
        guard let count = stream.write(unsafe outgoing.span.bytes) else { return false }
        outgoing.removeFirst(count)
        return true
    }

    /// Sends the rest, waiting for the producer a while.
    func finish(milliseconds: Int32) {
        _ = stream.writeAll(outgoing, milliseconds: milliseconds)
    }
}
