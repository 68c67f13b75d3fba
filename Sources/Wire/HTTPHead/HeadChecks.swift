// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the checks that need all fields of a request head: host and framing.

struct HeadChecks {
    /// Fields with one value only; two of them are two opinions, and each reader would take another one.
    static let single: Set<String> = [
        "authorization", "content-length", "content-type", "expect", "host", "origin",
        "rdg-auth-scheme", "rdg-connection-id", "sec-websocket-key", "sec-websocket-version",
        "transfer-encoding",
    ]

    let version: HTTPVersion
    let fields: [HeaderField]

    /// Checks everything and gives the length of the body.
    func framing() throws(RequestRejection) -> BodyFraming {
        var seen: Set<String> = []
        for field in fields where Self.single.contains(field.name) {
            guard seen.insert(field.name).inserted else { throw .repeatedField }
        }
        try checkHost()
        let length = fields.first { $0.name == "content-length" }?.value
        if let encoding = fields.first(where: { $0.name == "transfer-encoding" })?.value {
            guard length == nil else { throw .transferEncodingWithContentLength }
            guard version == .http11 else { throw .transferEncodingBeforeHTTP11 }
            guard HTTPCharacters.equal(encoding.utf8, "chunked".utf8) else {
                throw .transferEncodingNotSupported
            }
            return .chunked
        }
        guard let length else { return .none }
        guard !length.isEmpty, length.utf8.allSatisfy(HTTPCharacters.isDigit) else {
            throw .malformedContentLength
        }
        guard length.utf8.count <= HTTPLimits.contentLengthDigits, let count = Int(length) else {
            throw .contentTooLarge
        }
        return .length(count)
    }

    // MARK: Host

    private func checkHost() throws(RequestRejection) {
        guard let host = fields.first(where: { $0.name == "host" })?.value else {
            guard version == .http10 else { throw .missingHost }
            return
        }
        guard Self.isHost([UInt8](host.utf8)) else { throw .malformedHost }
    }

    /// `name`, `1.2.3.4` or `[v6]`, with an optional port; user names, percent signs and spaces do not pass.
    static func isHost(_ bytes: [UInt8]) -> Bool {
        guard bytes.count <= HTTPLimits.host else { return false }
        let port: ArraySlice<UInt8>
        if bytes.first == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")) else { return false }
            let address = bytes[1..<close]
            let isAddress = address.allSatisfy { byte in
                HTTPCharacters.isHexDigit(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
            }
            guard isAddress, address.contains(UInt8(ascii: ":")) else { return false }
            port = bytes[(close + 1)...]
        } else {
            let colon = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
            let name = bytes[..<colon]
            let isName = name.allSatisfy { byte in
                HTTPCharacters.isAlphanumeric(byte) || "-._".utf8.contains(byte)
            }
            guard isName, !name.isEmpty else { return false }
            port = bytes[colon...]
        }
        guard !port.isEmpty else { return true }
        let digits = port.dropFirst()
        guard port.first == UInt8(ascii: ":"), !digits.isEmpty, digits.allSatisfy(HTTPCharacters.isDigit)
        else {
            return false
        }
        return UInt16(String(decoding: digits, as: UTF8.self)) != nil
    }
}
