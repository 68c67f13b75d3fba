// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a request head that passed every check.

/// The versions that are spoken here.
package enum HTTPVersion: UInt8, Hashable, Sendable {
    case http10 = 10
    case http11 = 11
}

/// One header field.
package struct HeaderField: Hashable, Sendable {
    /// In small letters.
    package var name: String
    /// Without the spaces around it; bytes above ASCII that are not UTF-8 are replaced.
    package var value: String

    /// Takes every field as it is.
    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// How long the body is.
package enum BodyFraming: Hashable, Sendable {
    /// Neither Content-Length nor Transfer-Encoding: there is no body.
    case none
    /// As Content-Length says; may be zero.
    case length(Int)
    /// A `ChunkedDecoder` finds the end.
    case chunked
}

/// A request head without faults: the names, numbers and framing mean one thing only.
package struct RequestHead: Hashable, Sendable {
    /// A token, as sent; methods are compared with their case.
    package let method: String
    /// The whole target in origin form: it begins with a slash.
    package let target: String
    /// HTTP/1.0 or HTTP/1.1.
    package let version: HTTPVersion
    /// In the order of the wire.
    package let headers: [HeaderField]
    /// How long the body is.
    package let framing: BodyFraming

    /// The target up to the question mark, as sent: percent signs are not decoded.
    package var path: Substring {
        target.prefix { $0 != "?" }
    }

    /// What follows the question mark; nil without one.
    package var query: Substring? {
        let path = path
        return path.endIndex == target.endIndex ? nil : target[path.endIndex...].dropFirst()
    }

    // MARK: Header fields

    /// The value of the first field called `name` (small letters); nil when there is none.
    ///
    /// The parser refuses repeats of every field that has one value only, such as Host or Authorization.
    package func value(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }

    /// The values of all fields called `name` (small letters), in order.
    package func values(_ name: String) -> [String] {
        headers.filter { $0.name == name }.map(\.value)
    }

    /// Whether the comma-separated lists of all fields called `name` have `token`, whatever its case.
    package func hasToken(_ name: String, _ token: String) -> Bool {
        headers.contains { field in
            field.name == name
                && [UInt8](field.value.utf8).split(separator: UInt8(ascii: ",")).contains { element in
                    HTTPCharacters.equal(HTTPCharacters.trimmed(element), token.utf8)
                }
        }
    }

    /// Whether the client wants to use the connection again.
    package var wantsKeepAlive: Bool {
        if hasToken("connection", "close") { return false }
        return version == .http11 || hasToken("connection", "keep-alive")
    }
}

extension RequestHead: CustomStringConvertible, CustomDebugStringConvertible {
    /// Without target and values: a target may be a ticket, a value may be a password.
    package var description: String {
        "\(method) <redacted> \(version), \(headers.count) fields, body \(framing)"
    }

    /// The same as `description`.
    package var debugDescription: String { description }
}
