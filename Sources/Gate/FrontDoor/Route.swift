// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what a first request is for.

internal import DaemonSettings
internal import HTTPHead

/// Where browsers may open a desktop from.
struct PublicOrigins: Sendable {
    private let origins: Set<String>

    init(_ settings: GateSettings) {
        let port = settings.publicPort
        origins = Set(
            settings.publicNames.map { name in
                port == 443 ? "https://\(name.lowercased())" : "https://\(name.lowercased()):\(port)"
            }
        )
    }

    func contains(_ origin: String?) -> Bool { origin.map { origins.contains($0.lowercased()) } ?? false }
}

/// A native client's request ([MS-TSGU] 2.2.3).
enum NativeRequest: Hashable {
    /// One connection for both directions.
    case webSocket(key: String)
    /// The server's direction of a legacy tunnel.
    ///
    /// `knowsChunks` is false for clients of HTTP/1.0.
    case out(connectionID: String, knowsChunks: Bool)
    /// The first request of the client's direction, which only proves the way.
    case inboundProbe(connectionID: String)
    /// The client's direction itself: its body never ends.
    case inbound(connectionID: String)
}

enum Route {
    case native(NativeRequest)
    case browser(ticket: [UInt8], key: String)
    case portal
    case foreignOrigin
    case refused(ResponseHead)
    case nothing

    /// The one path of the protocol; Windows compares it without case.
    private static let gatewayPath = "/remotedesktopgateway"
    private static let desktopPath = "/desktop/"
    /// A GUID with braces has 38 bytes.
    private static let longestConnectionID = 64
    /// A ticket has 26 letters; a little more leads to "unknown", much more is refused here.
    private static let longestTicket = 128

    init(_ head: RequestHead, publicOrigins: PublicOrigins) {
        switch head.method {
        case "RDG_OUT_DATA", "RDG_IN_DATA":
            self = Self.native(head)
        case "RPC_IN_DATA", "RPC_OUT_DATA":
            // RPC over HTTP is not spoken here; 404 makes clients try the other transport.
            self = .nothing
        case "GET" where head.path.hasPrefix(Self.desktopPath) && WebSocketUpgrade.isWanted(by: head):
            self = Self.browser(head, publicOrigins)
        default:
            self = .portal
        }
    }

    private static func native(_ head: RequestHead) -> Route {
        var path = head.path.lowercased()
        if path.hasSuffix("/") { path.removeLast() }
        guard path == gatewayPath else { return .nothing }
        let connectionID = head.value("rdg-connection-id") ?? ""
        guard connectionID.utf8.count <= longestConnectionID else {
            return .refused(.closing(400, "Bad Request"))
        }
        if head.method == "RDG_IN_DATA" {
            guard !connectionID.isEmpty else { return .refused(.closing(400, "Bad Request")) }
            return head.framing == .chunked
                ? .native(.inbound(connectionID: connectionID))
                : .native(.inboundProbe(connectionID: connectionID))
        }
        if WebSocketUpgrade.isWanted(by: head) {
            switch WebSocketUpgrade.check(head, method: head.method, key: .anyText) {
            case .accepted(let key): return .native(.webSocket(key: key))
            case .refused(let refusal): return .refused(refusal.response)
            }
        }
        guard !connectionID.isEmpty, head.framing == .none || head.framing == .length(0) else {
            return .refused(.closing(400, "Bad Request"))
        }
        return .native(.out(connectionID: connectionID, knowsChunks: head.version == .http11))
    }

    private static func browser(_ head: RequestHead, _ origins: PublicOrigins) -> Route {
        guard origins.contains(head.value("origin")) else { return .foreignOrigin }
        switch WebSocketUpgrade.check(head, method: "GET", key: .sixteenBytes) {
        case .refused(let refusal):
            return .refused(refusal.response)
        case .accepted(let key):
            let ticket = Array(head.path.utf8.dropFirst(desktopPath.utf8.count))
            guard !ticket.isEmpty, ticket.count <= longestTicket else { return .nothing }
            return .browser(ticket: ticket, key: key)
        }
    }
}
