// SPDX-License-Identifier: EUPL-1.2
// Torhaus: all routes of the portal.

import HTTPTypes
import Hummingbird
import NIOCore

/// Which paths exist, and with which methods.
enum PortalRoutes {
    /// Paths with the methods they take, for 405.
    ///
    /// The last part `*` stands for anything below.
    static let methods: [(path: String, allowed: String)] = [
        ("/", "GET, HEAD"),
        ("/sign-in", "GET, HEAD, POST"),
        ("/sign-in/answers", "POST"),
        ("/sign-in/abandon", "POST"),
        ("/sign-out", "POST"),
        ("/session", "GET, HEAD"),
        ("/session/extend", "POST"),
        ("/desktops", "GET, HEAD"),
        ("/desktops/open", "GET, HEAD, POST"),
        ("/desktop", "GET, HEAD"),
        ("/hilfe", "GET, HEAD"),
        ("/barrierefreiheit", "GET, HEAD"),
        ("/leichte-sprache", "GET, HEAD"),
        ("/health", "GET, HEAD"),
        ("/assets/*", "GET, HEAD"),
        ("/novnc/*", "GET, HEAD"),
    ]

    /// What a path takes; nil when there is no such path.
    static func allowed(_ path: String) -> String? {
        let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        return methods.first { route in
            route.path.hasSuffix("/*") ? path.hasPrefix(route.path.dropLast()) : path == route.path
        }?.allowed
    }

    /// True for what the gate should have kept: a gateway client, or a desktop's WebSocket.
    static func isMisdirected(_ request: Request) -> Bool {
        let path = request.uri.path.lowercased()
        return request.method.rawValue.hasPrefix("RDG_") || path.hasPrefix("/desktop/")
            || path.hasPrefix("/remotedesktopgateway") || request.headers[.upgrade] != nil
    }

    /// 200 only when a sign-in and a session would work.
    static func addHealth(
        to router: Router<PortalRequestContext>,
        _ health: @escaping @Sendable () async -> Bool
    ) {
        router.get("health") { _, _ in
            let isWell = await health()
            return Response(
                status: isWell ? .ok : .serviceUnavailable,
                headers: [.contentType: "text/plain; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: isWell ? "ok\n" : "unavailable\n"))
            )
        }
    }
}
