// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads the first request head of a connection and decides what the connection is.

internal import ByteCoding
internal import DaemonMessages
internal import DaemonSettings
internal import HTTPHead
internal import LinuxKit
internal import OpenSSLKit

/// A connection is routed once; what reaches the control plane and belongs elsewhere gets 421 there.
final class FrontDoor: ConnectionHandler {
    private var parser = RequestHeadParser()
    private var bytes: [UInt8] = []
    private var isRouted = false
    /// For the second request of a legacy client's direction: what its first one proved.
    ///
    /// Nothing else may follow.
    private let inboundProof: [UInt8]?

    init(inboundProof: [UInt8]? = nil) { self.inboundProof = inboundProof }

    func wantsClientBytes(_ connection: Connection) -> Bool { !isRouted }

    func clientReadable(_ connection: Connection, _ loop: RelayLoop) {
        switch loop.readClient(connection) {
        case .bytes(let count, _):
            loop.inbox.copyFront(count, to: &bytes)
            proceed(connection, loop)
        case .wouldBlock:
            break
        case .closed, .failed:
            loop.close(connection)
        }
    }

    func deadlinePassed(_ connection: Connection, _ loop: RelayLoop) {
        report(.slowRequest, "request head took too long", connection, loop)
        refuse(408, "Request Timeout", connection, loop)
    }

    func receive(_ message: LoopMessage, _ connection: Connection, _ loop: RelayLoop) {
        if case .end = message { loop.close(connection) }
    }

    private func proceed(_ connection: Connection, _ loop: RelayLoop) {
        switch parser.parse(bytes) {
        case .needMore:
            break
        case .rejected(let rejection):
            let kind: GateIncidentKind = rejection.status == 400 ? .malformedRequest : .oversizeRequest
            report(kind, rejection.reason, connection, loop)
            refuse(rejection.status, "Request Refused", connection, loop)
        case .complete(let head, let length):
            isRouted = true
            route(head, length, connection, loop)
        }
    }

    private func route(_ head: RequestHead, _ length: Int, _ connection: Connection, _ loop: RelayLoop) {
        let rest = Array(bytes.dropFirst(length))
        let route = Route(head, publicOrigins: loop.services.publicOrigins)
        if let inboundProof {
            guard case .native(.inbound(let connectionID)) = route else {
                refuse(400, "Bad Request", connection, loop)
                return
            }
            NativeOpening.attach(connectionID, inboundProof, rest, connection, loop)
            return
        }
        switch route {
        case .native(let request):
            guard rest.isEmpty else {
                report(.malformedRequest, "bytes behind a gateway request", connection, loop)
                refuse(400, "Bad Request", connection, loop)
                return
            }
            NativeOpening.begin(request, head, connection, loop)
        case .browser(let ticket, let key):
            guard rest.isEmpty else {
                report(.malformedRequest, "bytes behind a websocket request", connection, loop)
                refuse(400, "Bad Request", connection, loop)
                return
            }
            BrowserDesktop.begin(ticket: ticket, key: key, head, connection, loop)
        case .portal:
            PortalRelay.begin(bytes, connection, loop)
        case .foreignOrigin:
            report(.foreignOrigin, "websocket from a foreign origin", connection, loop)
            refuse(403, "Forbidden", connection, loop)
        case .refused(let response):
            if loop.write(response.bytes, to: connection) { loop.closeWhenDrained(connection) }
        case .nothing:
            refuse(404, "Not Found", connection, loop)
        }
        bytes = []
    }

    private func report(
        _ kind: GateIncidentKind,
        _ detail: String,
        _ connection: Connection,
        _ loop: RelayLoop
    ) {
        loop.services.report(kind, from: connection.line.address, connection.line.correlation, detail)
    }

    private func refuse(_ status: Int, _ reason: String, _ connection: Connection, _ loop: RelayLoop) {
        isRouted = true
        if loop.write(ResponseHead.closing(status, reason).bytes, to: connection) {
            loop.closeWhenDrained(connection)
        }
    }
}

extension ResponseHead {
    /// An answer without a body that ends the connection.
    static func closing(_ status: Int, _ reason: String, _ more: [HeaderField] = []) -> ResponseHead {
        ResponseHead(
            status: status,
            reason: reason,
            headers: more + [
                HeaderField(name: "Content-Length", value: "0"),
                HeaderField(name: "Connection", value: "close"),
            ]
        )
    }

    /// The head as bytes; our own texts always encode, so a fault gives the shortest answer there is.
    var bytes: [UInt8] {
        (try? encoded()) ?? Array("HTTP/1.1 500 Internal Server Error\r\nConnection: close\r\n\r\n".utf8)
    }
}
