// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of the WebSocket handshake, of answers and of Basic credentials.

import ByteCoding
import HTTPHead
import Testing

@Suite("WebSocketUpgrade")
struct WebSocketUpgradeTests {
    @Test("takes a browser's request and xfreerdp's, each by its own rule")
    func golden() throws {
        let browser = try head(GoldenRequests.browser)
        let gateway = try head(GoldenRequests.gatewayWebSocket)
        #expect(
            WebSocketUpgrade.check(browser, method: "GET", key: .sixteenBytes)
                == .accepted(key: "dGhlIHNhbXBsZSBub25jZQ==")
        )
        #expect(
            WebSocketUpgrade.check(gateway, method: "RDG_OUT_DATA", key: .anyText)
                == .accepted(key: "^Y_AQF[M_LEQE[@")
        )
        #expect(
            WebSocketUpgrade.check(gateway, method: "RDG_OUT_DATA", key: .sixteenBytes)
                == .refused(.keyMalformed)
        )
        #expect(WebSocketUpgrade.check(gateway, method: "GET", key: .anyText) == .refused(.wrongMethod))
        #expect(WebSocketUpgrade.subprotocol(for: browser) == "binary")
        #expect(WebSocketUpgrade.subprotocol(for: gateway) == nil)
        #expect(WebSocketUpgrade.isWanted(by: gateway))
        #expect(!WebSocketUpgrade.isWanted(by: try head(GoldenRequests.gatewayIn)))
    }

    struct Refused: CustomTestStringConvertible, Sendable {
        var replacing: String
        var by: String
        var expected: WebSocketRefusal
        var testDescription: String { "\(replacing) -> \(by)" }
    }

    @Test(
        "refuses",
        arguments: [
            Refused(replacing: "Version: 13", by: "Version: 8", expected: .wrongVersion),
            Refused(replacing: "Version: 13", by: "Version: 013", expected: .wrongVersion),
            Refused(replacing: "Sec-WebSocket-Version: 13", by: "X: 13", expected: .wrongVersion),
            Refused(replacing: "Sec-WebSocket-Key:", by: "X:", expected: .keyMissing),
            Refused(replacing: "dGhlIHNhbXBsZSBub25jZQ==", by: "", expected: .keyMissing),
            Refused(replacing: "dGhlIHNhbXBsZSBub25jZQ==", by: "dGhlIHNhbXBsZQ==", expected: .keyMalformed),
            Refused(replacing: "Upgrade: WebSocket", by: "Upgrade: h2c", expected: .notAnUpgrade),
            Refused(replacing: "keep-alive, Upgrade", by: "keep-alive", expected: .notAnUpgrade),
            Refused(replacing: "HTTP/1.1", by: "HTTP/1.0", expected: .notAnUpgrade),
            Refused(replacing: "Origin: ", by: "Content-Length: 3\r\nOrigin: ", expected: .hasBody),
            Refused(replacing: "Origin: ", by: "Transfer-Encoding: chunked\r\nOrigin: ", expected: .hasBody),
        ]
    )
    func refused(refused: Refused) throws {
        let text = String(decoding: GoldenRequests.browser, as: UTF8.self)
        let parts = text.split(separator: refused.replacing, maxSplits: 1, omittingEmptySubsequences: false)
        let changed = parts.joined(separator: refused.by)
        #expect(changed != text)
        let verdict = WebSocketUpgrade.check(
            try head(Array(changed.utf8)),
            method: "GET",
            key: .sixteenBytes
        )
        #expect(verdict == .refused(refused.expected))
    }

    @Test("a wrong version is answered with the right one")
    func versionAnswer() throws {
        let text = String(decoding: try WebSocketRefusal.wrongVersion.response.encoded(), as: UTF8.self)
        #expect(text.hasPrefix("HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 13\r\n"))
        for refusal in WebSocketRefusal.allCases where refusal != .wrongVersion {
            #expect(refusal.response.status == 400)
        }
    }

    @Test("the accept value is that of RFC 6455 section 1.3")
    func accept() throws {
        #expect(
            WebSocketUpgrade.acceptInput(key: "dGhlIHNhbXBsZSBub25jZQ==")
                == Array("dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8)
        )
        let hash: [UInt8] = [
            0xB3, 0x7A, 0x4F, 0x2C, 0xC0, 0x62, 0x4F, 0x16, 0x90, 0xF6,
            0x46, 0x06, 0xCF, 0x38, 0x59, 0x45, 0xB2, 0xBE, 0xC4, 0xEA,
        ]
        let answer = try WebSocketUpgrade.switching(hash: hash, subprotocol: "binary").encoded()
        #expect(
            String(decoding: answer, as: UTF8.self) == """
                HTTP/1.1 101 Switching Protocols\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
                Sec-WebSocket-Protocol: binary\r
                \r\n
                """
        )
    }
}

@Suite("ResponseHead")
struct ResponseHeadTests {
    @Test("writes the answer of the legacy IN connection")
    func golden() throws {
        let head = ResponseHead(
            status: 200,
            reason: "OK",
            headers: [HeaderField(name: "Content-Length", value: "0")]
        )
        #expect(try head.encoded() == Array("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".utf8))
    }

    @Test(
        "refuses what would break out of its line",
        arguments: ["a\r\nX: y", "a\n", "\r", "\u{0}", "\u{1B}"]
    )
    func injection(text: String) {
        let value = ResponseHead(status: 200, reason: "OK", headers: [HeaderField(name: "X", value: text)])
        #expect(throws: DecodeError.invalid(field: "header value")) { try value.encoded() }
        let name = ResponseHead(status: 200, reason: "OK", headers: [HeaderField(name: text, value: "")])
        #expect(throws: DecodeError.invalid(field: "header name")) { try name.encoded() }
        let reason = ResponseHead(status: 200, reason: text)
        #expect(throws: DecodeError.invalid(field: "reason phrase")) { try reason.encoded() }
    }

    @Test("refuses a status that is none", arguments: [99, 600, -1])
    func status(status: Int) {
        #expect(throws: DecodeError.invalid(field: "status")) {
            try ResponseHead(status: status, reason: "OK").encoded()
        }
    }
}

@Suite("BasicCredentials")
struct BasicCredentialsTests {
    @Test(
        "takes the example of RFC 7617, whatever the scheme's case",
        arguments: ["Basic", "basic", "BASIC"]
    )
    func golden(scheme: String) throws {
        let value = "\(scheme) QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
        let credentials = try #require(BasicCredentials(authorization: value))
        #expect(credentials.user == "Aladdin")
        #expect(credentials.secret == Array("open sesame".utf8))
        #expect(BasicCredentials.isBasic(authorization: value))
    }

    @Test("splits at the first colon; the secret may be empty or any bytes")
    func colons() throws {
        let colons = try #require(BasicCredentials(authorization: basic(Array("u:a:b,123456".utf8))))
        #expect(colons.user == "u")
        #expect(colons.secret == Array("a:b,123456".utf8))
        let empty = try #require(BasicCredentials(authorization: basic(Array("ü:".utf8))))
        #expect(empty.user == "ü")
        #expect(empty.secret.isEmpty)
        let bytes = try #require(BasicCredentials(authorization: basic([0x75, 0x3A, 0xFF, 0x00])))
        #expect(bytes.secret == [0xFF, 0x00])
    }

    @Test(
        "refuses faults",
        arguments: [
            "", "Basic", "Basic ", "Basic dTpw\u{20}", "Basic dTpw x", "Basic dTp", "Bearer dTpw",
            "NTLM dTpw",
            "Basic " + Base64.encode(Array("nocolon".utf8)), "Basic " + Base64.encode(Array(":secret".utf8)),
            "Basic " + Base64.encode(Array("a\nb:secret".utf8)),
            "Basic " + Base64.encode([0xFF, 0x3A, 0x61]),
            "Basic " + Base64.encode(Array("u:".utf8) + [UInt8](repeating: 0x61, count: 509)),
        ]
    )
    func refused(value: String) {
        #expect(BasicCredentials(authorization: value) == nil)
    }

    @Test("takes the longest, and shows none of it")
    func limitAndDescription() throws {
        let secret = [UInt8](repeating: 0x61, count: 508)
        let credentials = try #require(BasicCredentials(authorization: basic(Array("u:".utf8) + secret)))
        #expect(credentials.secret == secret)
        #expect("\(credentials)" == "BasicCredentials(<redacted>)")
        #expect(!String(reflecting: credentials).contains("97"))
    }

    private func basic(_ bytes: [UInt8]) -> String { "Basic " + Base64.encode(bytes) }
}
