// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the first line of a request head (RFC 9112 section 3).

struct RequestLine: Sendable {
    /// The longest line that can pass: method, target, version, two spaces, CR and LF.
    static let longest = HTTPLimits.method + 1 + HTTPLimits.target + 1 + "HTTP/1.1".utf8.count + 2

    let method: String
    let target: String
    let version: HTTPVersion

    /// Reads the line without its CRLF.
    init(_ line: [UInt8]) throws(RequestRejection) {
        let parts = line.split(
            separator: HTTPCharacters.space,
            maxSplits: 3,
            omittingEmptySubsequences: false
        )
        guard parts.count == 3 else { throw .malformedRequestLine }
        method = try Self.method(parts[0])
        // Before the target, so that "PRI * HTTP/2.0" is told about its version.
        version = try Self.version(parts[2])
        target = try Self.target(parts[1])
    }

    private static func method(_ bytes: ArraySlice<UInt8>) throws(RequestRejection) -> String {
        guard !bytes.isEmpty, bytes.allSatisfy(HTTPCharacters.isToken) else { throw .malformedMethod }
        guard bytes.count <= HTTPLimits.method else { throw .methodTooLong }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func version(_ bytes: ArraySlice<UInt8>) throws(RequestRejection) -> HTTPVersion {
        if bytes.elementsEqual("HTTP/1.1".utf8) { return .http11 }
        if bytes.elementsEqual("HTTP/1.0".utf8) { return .http10 }
        let isVersion =
            bytes.count == 8 && bytes.starts(with: "HTTP/".utf8)
            && bytes.dropFirst(5).prefix(1).allSatisfy(HTTPCharacters.isDigit)
            && bytes.dropFirst(6).prefix(1).elementsEqual(".".utf8)
            && bytes.suffix(1).allSatisfy(HTTPCharacters.isDigit)
        throw isVersion ? .versionNotSupported : .malformedVersion
    }

    private static func target(_ bytes: ArraySlice<UInt8>) throws(RequestRejection) -> String {
        guard bytes.count <= HTTPLimits.target else { throw .targetTooLong }
        guard bytes.first == UInt8(ascii: "/") else {
            if bytes.elementsEqual("*".utf8) { throw .asteriskTarget }
            // The gate forwards to its own desktops and portal only.
            if String(decoding: bytes, as: UTF8.self).contains("://") { throw .absoluteTarget }
            throw bytes.isEmpty ? .malformedRequestLine : .authorityTarget
        }
        guard bytes.allSatisfy(HTTPCharacters.isTarget) else { throw .malformedTarget }
        // Each percent sign stands before two hexadecimal digits.
        let afterPercent = bytes.split(separator: UInt8(ascii: "%"), omittingEmptySubsequences: false)
        for part in afterPercent.dropFirst() {
            guard 2 <= part.count, part.prefix(2).allSatisfy(HTTPCharacters.isHexDigit) else {
                throw .malformedTarget
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
