// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of whole request heads, cut at every byte.

import ByteCoding
import HTTPHead
import Testing

/// Requests of real clients.
enum GoldenRequests {
    /// xfreerdp 2.11.7 with a ticket, captured.
    static let gatewayWebSocket = lines(
        "RDG_OUT_DATA /remoteDesktopGateway/ HTTP/1.1",
        "Cache-Control: no-cache",
        "Pragma: no-cache",
        "Accept: */*",
        "User-Agent: MS-RDGateway/1.0",
        "Host: localhost",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-Websocket-Version: 13",
        "Sec-Websocket-Key: ^Y_AQF[M_LEQE[@",
        "RDG-Connection-Id: {19957bd4-994a-109a-1bf1-d0b41112392e}",
        "RDG-Auth-Scheme: PAA",
        "Content-Length: 0"
    )

    /// xfreerdp 2.11.7, the second request of the legacy IN connection, captured.
    static let gatewayIn = lines(
        "RDG_IN_DATA /remoteDesktopGateway/ HTTP/1.1",
        "Cache-Control: no-cache",
        "Pragma: no-cache",
        "Accept: */*",
        "User-Agent: MS-RDGateway/1.0",
        "Host: localhost",
        "Connection: Keep-Alive",
        "RDG-Connection-Id: {c4bf3366-db4c-4bf0-fa1f-f886916b25d4}",
        "RDG-Auth-Scheme: PAA",
        "Transfer-Encoding: chunked"
    )

    /// Chromium opening noVNC's WebSocket.
    static let browser = lines(
        "GET /desktop/q0n7?x=1&y HTTP/1.1",
        "Host: gate.example:8443",
        "Connection: keep-alive, Upgrade",
        "Upgrade: WebSocket",
        "Origin: https://gate.example:8443",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol: base64, binary"
    )

    static func lines(_ lines: String...) -> [UInt8] {
        Array(lines.map { $0 + "\r\n" }.joined().utf8) + [0x0D, 0x0A]
    }
}

func parse(_ bytes: [UInt8]) -> RequestHeadProgress {
    var parser = RequestHeadParser()
    return parser.parse(bytes)
}

func head(_ bytes: [UInt8]) throws -> RequestHead {
    guard case .complete(let head, _) = parse(bytes) else {
        throw DecodeError.invalid(field: "request of the test")
    }
    return head
}

@Suite("RequestHeadParser")
struct RequestHeadParserTests {
    @Test("reads xfreerdp's request for a WebSocket")
    func gatewayWebSocket() throws {
        let bytes = GoldenRequests.gatewayWebSocket
        #expect(bytes.count == 355)
        #expect(parse(bytes) == .complete(try head(bytes), headLength: 355))
        let head = try head(bytes)
        #expect(head.method == "RDG_OUT_DATA")
        #expect(head.target == "/remoteDesktopGateway/")
        #expect(head.path == "/remoteDesktopGateway/")
        #expect(head.query == nil)
        #expect(head.version == .http11)
        #expect(head.framing == .length(0))
        #expect(head.headers.count == 12)
        #expect(head.value("sec-websocket-key") == "^Y_AQF[M_LEQE[@")
        #expect(head.value("rdg-auth-scheme") == "PAA")
        #expect(head.value("authorization") == nil)
        #expect(head.hasToken("connection", "upgrade"))
    }

    @Test("reads the chunked request of the legacy transport")
    func gatewayIn() throws {
        let head = try head(GoldenRequests.gatewayIn)
        #expect(head.method == "RDG_IN_DATA")
        #expect(head.framing == .chunked)
        #expect(head.wantsKeepAlive)
    }

    @Test("reads a browser's request with query and lists")
    func browser() throws {
        let head = try head(GoldenRequests.browser)
        #expect(head.path == "/desktop/q0n7")
        #expect(head.query == "x=1&y")
        #expect(head.framing == .none)
        #expect(head.hasToken("connection", "UPGRADE"))
        #expect(head.hasToken("upgrade", "websocket"))
        #expect(!head.hasToken("connection", "grade"))
        #expect(!head.hasToken("connection", "keep-alive, Upgrade"))
    }

    @Test("tells where the head ends, and leaves the body alone")
    func body() throws {
        let bytes = GoldenRequests.gatewayIn
        #expect(parse(bytes + Array("E\r\n\n\n".utf8)) == .complete(try head(bytes), headLength: bytes.count))
    }

    @Test(
        "needs more at every byte but the last, and gives the same however it is cut",
        arguments: [GoldenRequests.gatewayWebSocket, GoldenRequests.gatewayIn, GoldenRequests.browser]
    )
    func everyCut(bytes: [UInt8]) {
        let expected = parse(bytes)
        var oneByOne = RequestHeadParser()
        for count in 0..<bytes.count {
            #expect(parse(Array(bytes.prefix(count))) == .needMore)
            #expect(oneByOne.parse(Array(bytes.prefix(count))) == .needMore)
            var inTwo = RequestHeadParser()
            _ = inTwo.parse(Array(bytes.prefix(count)))
            #expect(inTwo.parse(bytes) == expected)
        }
        #expect(oneByOne.parse(bytes) == expected)
        #expect(oneByOne.parse(bytes) == expected, "the verdict stays")
    }

    @Test("a head of the largest size passes, one byte more does not")
    func headLimit() throws {
        let start = "GET / HTTP/1.1\r\nHost: a\r\n"
        let field = "X: \(String(repeating: "x", count: HTTPLimits.head - start.utf8.count - 7))\r\n\r\n"
        #expect(try head(Array((start + field).utf8)).headers.count == 2)
        #expect(parse(Array((start + "Y" + field).utf8)) == .rejected(.headTooLarge))
        #expect(parse(Array((start + "Y" + field).utf8.dropLast(1))) == .needMore)
    }

    @Test("a field without end is refused at the limit, not later")
    func endlessField() {
        let start = Array("GET / HTTP/1.1\r\nHost: ".utf8)
        let endless = start + [UInt8](repeating: 0x61, count: HTTPLimits.head)
        #expect(parse(Array(endless.prefix(HTTPLimits.head))) == .needMore)
        #expect(parse(Array(endless.prefix(HTTPLimits.head + 1))) == .rejected(.headTooLarge))
    }

    @Test("64 fields pass, 65 do not")
    func fieldLimit() throws {
        let fields = String(repeating: "X: 1\r\n", count: HTTPLimits.fields - 1)
        #expect(try head(Array("GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n".utf8)).values("x").count == 63)
        #expect(
            parse(Array("GET / HTTP/1.1\r\nHost: a\r\n\(fields)Y: 2\r\n\r\n".utf8))
                == .rejected(.tooManyFields)
        )
    }

    @Test("a target of the largest size passes, one byte more does not")
    func targetLimit() throws {
        let target = "/" + String(repeating: "a", count: HTTPLimits.target - 1)
        #expect(try head(GoldenRequests.lines("GET \(target) HTTP/1.1", "Host: a")).target == target)
        #expect(
            parse(GoldenRequests.lines("GET \(target)a HTTP/1.1", "Host: a")) == .rejected(.targetTooLong)
        )
        let endless = Array("GET /".utf8) + [UInt8](repeating: 0x61, count: 5000)
        #expect(parse(endless) == .rejected(.targetTooLong))
    }

    @Test("a description shows neither target nor values")
    func description() throws {
        let head = try head(
            GoldenRequests.lines("GET /desktop/SECRET HTTP/1.1", "Host: a", "Authorization: Basic SECRET")
        )
        #expect(!"\(head)".contains("SECRET"))
        #expect(!String(reflecting: head).contains("SECRET"))
    }
}
