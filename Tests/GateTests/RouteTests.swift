// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what a first request leads to.

import DaemonSettings
import HTTPHead
import Testing

@testable import Gate

@Suite("Routes of the front door")
struct RouteTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let request: String
        let expected: String

        var testDescription: String { name }
    }

    static let upgrade =
        "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    static let key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    static let identifier = "RDG-Connection-Id: {c4bf3366-db4c-4bf0-fa1f-f886916b25d4}\r\n"

    static let cases = [
        Case(
            name: "xfreerdp's websocket request, whose key is not base64",
            request: "RDG_OUT_DATA /remoteDesktopGateway/ HTTP/1.1\r\nHost: a\r\n" + upgrade
                + "Sec-Websocket-Key: ^Y_AQF[M_LEQE[@\r\n" + identifier + "Content-Length: 0\r\n\r\n",
            expected: "webSocket"
        ),
        Case(
            name: "the path without its last slash and in other letters",
            request: "RDG_OUT_DATA /REMOTEDESKTOPGATEWAY HTTP/1.1\r\nHost: a\r\n" + identifier + "\r\n",
            expected: "out"
        ),
        Case(
            name: "a legacy request without a connection id",
            request: "RDG_OUT_DATA /remoteDesktopGateway/ HTTP/1.1\r\nHost: a\r\n\r\n",
            expected: "400"
        ),
        Case(
            name: "another path for a gateway method",
            request: "RDG_OUT_DATA /rpc/rpcproxy.dll HTTP/1.1\r\nHost: a\r\n" + identifier + "\r\n",
            expected: "nothing"
        ),
        Case(
            name: "the first request of the client's direction",
            request: "RDG_IN_DATA /remoteDesktopGateway/ HTTP/1.1\r\nHost: a\r\n" + identifier
                + "Content-Length: 0\r\n\r\n",
            expected: "inboundProbe"
        ),
        Case(
            name: "the client's direction itself",
            request: "RDG_IN_DATA /remoteDesktopGateway/ HTTP/1.1\r\nHost: a\r\n" + identifier
                + "Transfer-Encoding: chunked\r\n\r\n",
            expected: "inbound"
        ),
        Case(
            name: "rpc over http",
            request: "RPC_IN_DATA /rpc/rpcproxy.dll?x:3388 HTTP/1.1\r\nHost: a\r\n\r\n",
            expected: "nothing"
        ),
        Case(
            name: "a browser desktop from our page",
            request: "GET /desktop/ABC HTTP/1.1\r\nHost: a\r\nOrigin: https://gate.example:8443\r\n" + upgrade
                + key + "\r\n",
            expected: "browser ABC"
        ),
        Case(
            name: "a browser desktop from a foreign page",
            request: "GET /desktop/ABC HTTP/1.1\r\nHost: a\r\nOrigin: https://evil.example\r\n" + upgrade
                + key
                + "\r\n",
            expected: "foreignOrigin"
        ),
        Case(
            name: "a browser desktop without an origin",
            request: "GET /desktop/ABC HTTP/1.1\r\nHost: a\r\n" + upgrade + key + "\r\n",
            expected: "foreignOrigin"
        ),
        Case(
            name: "our page's origin on another port",
            request: "GET /desktop/ABC HTTP/1.1\r\nHost: a\r\nOrigin: https://gate.example\r\n" + upgrade
                + key
                + "\r\n",
            expected: "foreignOrigin"
        ),
        Case(
            name: "an old websocket version",
            request: "GET /desktop/ABC HTTP/1.1\r\nHost: a\r\nOrigin: https://gate.example:8443\r\n"
                + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 8\r\n" + key + "\r\n",
            expected: "426"
        ),
        Case(
            name: "the page of that path without an upgrade",
            request: "GET /desktop/ABC HTTP/1.1\r\nHost: a\r\n\r\n",
            expected: "portal"
        ),
        Case(
            name: "an ordinary page",
            request: "GET /sign-in HTTP/1.1\r\nHost: a\r\n\r\n",
            expected: "portal"
        ),
    ]

    @Test("each request goes where it belongs", arguments: cases)
    func route(_ example: Case) throws {
        var parser = RequestHeadParser()
        guard case .complete(let head, _) = parser.parse(Array(example.request.utf8)) else {
            Issue.record("the head is not complete")
            return
        }
        let settings = GateSettings(
            certificates: [.init(chain: "/c", key: "/k")],
            publicNames: ["gate.example"],
            publicPort: 8_443
        )
        let route = Route(head, publicOrigins: PublicOrigins(settings))
        #expect(name(of: route) == example.expected)
    }

    private func name(of route: Route) -> String {
        switch route {
        case .native(.webSocket): "webSocket"
        case .native(.out): "out"
        case .native(.inboundProbe): "inboundProbe"
        case .native(.inbound): "inbound"
        case .browser(let ticket, _): "browser " + String(decoding: ticket, as: UTF8.self)
        case .portal: "portal"
        case .foreignOrigin: "foreignOrigin"
        case .refused(let response): String(response.status)
        case .nothing: "nothing"
        }
    }
}
