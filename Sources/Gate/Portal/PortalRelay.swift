// SPDX-License-Identifier: EUPL-1.2
// Torhaus: everything that is not a desktop goes to the control plane, byte for byte, behind a PROXY header.

internal import DaemonMessages
internal import DaemonSettings
internal import HTTPHead
internal import LinuxKit
internal import OpenSSLKit
internal import ProxyProtocol

/// A plain relay with half-close in both directions.
final class PortalRelay: ConnectionHandler {
    private var clientHasEnded = false
    private var portalHasEnded = false

    /// Connects to the portal and passes on what has come so far.
    static func begin(_ bytes: [UInt8], _ connection: Connection, _ loop: RelayLoop) {
        let relay = PortalRelay()
        connection.handler = relay
        loop.schedule(connection, at: .max)
        guard let socket = connect(loop.services.settings.portalUpstream) else {
            unavailable(connection, loop)
            return
        }
        guard let header = PortalHeader.encoded(connection.line) else {
            unavailable(connection, loop)
            return
        }
        connection.backlog.append(header)
        connection.backlog.append(bytes)
        // On one machine the connection mostly stands already; a failure is told by the first event.
        _ = connection.backlog.send(to: socket.withRaw { $0 })
        let peer = PeerSocket(socket, interest: connection.backlog.isEmpty ? .read : [.read, .write])
        guard loop.watch(peer.fd, peer.interest, .peer, of: connection) else {
            connection.backlog = Backlog()
            unavailable(connection, loop)
            return
        }
        connection.peer = peer
        connection.line.proven()
    }

    private static func connect(_ upstream: String) -> OwnedFD? {
        if upstream.hasPrefix("unix:") {
            return try? StreamSocket.connect(unixPath: String(upstream.dropFirst(5)))
        }
        let parts = upstream.dropFirst(upstream.hasPrefix("tcp:") ? 4 : 0)
        guard let colon = parts.lastIndex(of: ":"), let port = UInt16(parts[parts.index(after: colon)...]),
            let address = NetworkAddress(numeric: String(parts[..<colon]), port: port)
        else { return nil }
        return try? StreamSocket.beginConnect(to: address)
    }

    private static func unavailable(_ connection: Connection, _ loop: RelayLoop) {
        let retry = HeaderField(name: "Retry-After", value: "5")
        if loop.write(UnavailablePage.response(retry), to: connection) { loop.closeWhenDrained(connection) }
    }

    func wantsClientBytes(_ connection: Connection) -> Bool { !clientHasEnded }
    func wantsPeerBytes(_ connection: Connection) -> Bool { !portalHasEnded }

    func clientReadable(_ connection: Connection, _ loop: RelayLoop) {
        switch loop.readClient(connection) {
        case .bytes(let count, _):
            loop.segments.append(0..<count)
            if loop.sendSegments(to: connection) != nil { loop.close(connection) }
        case .wouldBlock:
            break
        case .closed:
            clientHasEnded = true
            if connection.backlog.isEmpty { endSending(connection, loop) }
        case .failed:
            loop.close(connection)
        }
    }

    func peerDrained(_ connection: Connection, _ loop: RelayLoop) {
        if clientHasEnded { endSending(connection, loop) }
    }

    func peerReadable(_ connection: Connection, _ loop: RelayLoop) {
        guard let peer = connection.peer, !portalHasEnded else { return }
        switch loop.outbox.receive(from: peer.fd, at: 0, count: GateLimits.batchBytes) {
        case .bytes(let count):
            _ = loop.writeOutbox(0..<count, to: connection)
        case .wouldBlock:
            break
        case .endOfStream:
            portalHasEnded = true
            // An HTTP server that ends its side has answered; the client has nothing to wait for.
            loop.closeWhenDrained(connection)
        case .failed:
            loop.close(connection)
        }
    }

    func deadlinePassed(_ connection: Connection, _ loop: RelayLoop) { loop.close(connection) }

    func receive(_ message: LoopMessage, _ connection: Connection, _ loop: RelayLoop) {
        if case .end = message { loop.close(connection) }
    }

    private func endSending(_ connection: Connection, _ loop: RelayLoop) {
        if let peer = connection.peer { StreamSocket.endSending(peer.fd) }
        if portalHasEnded { loop.close(connection) }
    }
}

/// What a browser shows while the control plane restarts; it tries again by itself.
enum UnavailablePage {
    private static let body = """
        <!doctype html><html lang="de"><meta charset="utf-8"><meta http-equiv="refresh" content="5">\
        <title>Einen Augenblick bitte</title><body><h1>Einen Augenblick bitte</h1>\
        <p>Die Anmeldung ist gerade nicht erreichbar. Diese Seite versucht es in wenigen Sekunden erneut. \
        Geöffnete Arbeitsplätze laufen weiter.</p></body></html>
        """

    static func response(_ retry: HeaderField) -> [UInt8] {
        let page = Array(body.utf8)
        let head = ResponseHead(
            status: 503,
            reason: "Service Unavailable",
            headers: [
                retry,
                HeaderField(name: "Content-Type", value: "text/html; charset=utf-8"),
                HeaderField(name: "Content-Length", value: String(page.count)),
                HeaderField(name: "Cache-Control", value: "no-store"),
                HeaderField(name: "Connection", value: "close"),
            ]
        )
        return head.bytes + page
    }
}
