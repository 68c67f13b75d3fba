// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the opening handshake of a WebSocket (RFC 6455 section 4.2), as far as it needs no hash function.

internal import ByteCoding

/// Why a WebSocket cannot be opened.
package enum WebSocketRefusal: Hashable, Sendable, CaseIterable {
    case wrongMethod
    case hasBody
    case notAnUpgrade
    case wrongVersion
    case keyMissing
    case keyMalformed

    /// The answer without a body; 426 names the version that is spoken.
    package var response: ResponseHead {
        let close = [
            HeaderField(name: "Content-Length", value: "0"), HeaderField(name: "Connection", value: "close"),
        ]
        guard self == .wrongVersion else {
            return ResponseHead(status: 400, reason: "Bad Request", headers: close)
        }
        let version = HeaderField(name: "Sec-WebSocket-Version", value: WebSocketUpgrade.version)
        return ResponseHead(status: 426, reason: "Upgrade Required", headers: [version] + close)
    }
}

/// Verdict over a request that asks for a WebSocket.
package enum WebSocketVerdict: Hashable, Sendable {
    /// Hash `WebSocketUpgrade.acceptInput(key:)` and answer.
    case accepted(key: String)
    case refused(WebSocketRefusal)
}

/// The opening handshake, server side; the caller hashes, because pure code has no SHA-1.
package enum WebSocketUpgrade {
    /// The one version of RFC 6455.
    package static let version = "13"
    /// The subprotocol that noVNC and Microsoft's mobile clients may offer.
    package static let binary = "binary"

    private static let keyGUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    /// What a key must look like.
    package enum KeyRule: Hashable, Sendable {
        /// 16 bytes in base64: browsers.
        case sixteenBytes
        /// Any text: xfreerdp 2 sends 15 raw letters, and the literal bytes are hashed.
        case anyText
    }

    /// Whether the request asks for a WebSocket at all; a gateway client that does not gets the legacy transport.
    package static func isWanted(by head: RequestHead) -> Bool {
        head.hasToken("connection", "upgrade") && head.hasToken("upgrade", "websocket")
    }

    /// Checks the request; `method` is GET for browsers and RDG_OUT_DATA for gateway clients.
    package static func check(_ head: RequestHead, method: String, key rule: KeyRule) -> WebSocketVerdict {
        guard head.method == method else { return .refused(.wrongMethod) }
        guard head.version == .http11, isWanted(by: head) else { return .refused(.notAnUpgrade) }
        guard head.framing == .none || head.framing == .length(0) else { return .refused(.hasBody) }
        guard head.value("sec-websocket-version") == version else { return .refused(.wrongVersion) }
        guard let key = head.value("sec-websocket-key"), !key.isEmpty else { return .refused(.keyMissing) }
        guard key.utf8.count <= HTTPLimits.webSocketKey else { return .refused(.keyMalformed) }
        switch rule {
        case .sixteenBytes:
            guard Base64.decode(key.utf8)?.count == 16 else { return .refused(.keyMalformed) }
        case .anyText:
            guard key.utf8.allSatisfy({ HTTPCharacters.space < $0 && $0 < 0x7F }) else {
                return .refused(.keyMalformed)
            }
        }
        return .accepted(key: key)
    }

    /// What SHA-1 is taken of for Sec-WebSocket-Accept.
    package static func acceptInput(key: String) -> [UInt8] {
        Array(key.utf8) + Array(keyGUID.utf8)
    }

    /// The subprotocol to answer with: `binary` when it is offered, else none.
    package static func subprotocol(for head: RequestHead) -> String? {
        head.hasToken("sec-websocket-protocol", binary) ? binary : nil
    }

    /// The answer 101; `hash` is SHA-1 of `acceptInput(key:)`.
    package static func switching(hash: [UInt8], subprotocol: String?) -> ResponseHead {
        var headers = [
            HeaderField(name: "Upgrade", value: "websocket"),
            HeaderField(name: "Connection", value: "Upgrade"),
            HeaderField(name: "Sec-WebSocket-Accept", value: Base64.encode(hash)),
        ]
        if let subprotocol {
            headers.append(HeaderField(name: "Sec-WebSocket-Protocol", value: subprotocol))
        }
        return ResponseHead(status: 101, reason: "Switching Protocols", headers: headers)
    }
}
