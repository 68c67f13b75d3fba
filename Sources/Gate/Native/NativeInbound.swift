// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the client's direction of a legacy tunnel: one chunked body that never ends.

internal import DaemonMessages
internal import HTTPHead
internal import LinuxKit
internal import OpenSSLKit

/// Feeds the tunnel of its OUT connection; lives on the same loop.
final class NativeInbound: ConnectionHandler {
    private var chunks = ChunkedDecoder()
    private let tunnel: NativeTunnel
    private weak var outbound: Connection?

    init(outbound: Connection, tunnel: NativeTunnel) {
        self.outbound = outbound
        self.tunnel = tunnel
    }

    func wantsClientBytes(_ connection: Connection) -> Bool { outbound?.backlog.isEmpty ?? true }

    func clientReadable(_ connection: Connection, _ loop: RelayLoop) {
        switch loop.readClient(connection) {
        case .bytes(let count, _): receive(count, connection, loop)
        case .wouldBlock: break
        case .closed, .failed: gone(connection, loop)
        }
    }

    /// Chunks at the front of the inbox.
    func receive(_ count: Int, _ connection: Connection, _ loop: RelayLoop) {
        guard let outbound else {
            loop.close(connection)
            return
        }
        var offset = 0
        while offset < count, !outbound.isClosed {
            let event: ChunkEvent
            do {
                event = try chunks.next(in: loop.inbox.bytes(in: 0..<count), from: offset, to: count)
            } catch {
                tunnel.violation("chunk rules broken", outbound, loop)
                return
            }
            switch event {
            case .needMore:
                offset = count
            case .payload(let range):
                offset = range.upperBound
                tunnel.receivePackets(range, outbound, loop)
            case .end:
                gone(connection, loop)
                return
            }
        }
        tunnel.flush(outbound, loop)
        loop.settle(outbound)
    }

    func deadlinePassed(_ connection: Connection, _ loop: RelayLoop) {}

    func receive(_ message: LoopMessage, _ connection: Connection, _ loop: RelayLoop) {
        if case .end = message { loop.close(connection) }
    }

    func ended(_ connection: Connection, _ loop: RelayLoop) {
        if let outbound, !outbound.isClosed { tunnel.clientGone(outbound, loop) }
    }

    private func gone(_ connection: Connection, _ loop: RelayLoop) {
        loop.close(connection)
    }
}
