// SPDX-License-Identifier: EUPL-1.2
// Torhaus: why a request head is refused.

/// A fault of a request head; the connection is closed after the answer, because what follows cannot be trusted.
package enum RequestRejection: Error, Hashable, Sendable, CaseIterable {
    case bareLineFeed
    case bareCarriageReturn
    case malformedRequestLine
    case malformedMethod
    case methodTooLong
    case malformedVersion
    case versionNotSupported
    case malformedTarget
    case absoluteTarget
    case authorityTarget
    case asteriskTarget
    case targetTooLong
    case headTooLarge
    case tooManyFields
    case foldedField
    case malformedFieldName
    case malformedFieldValue
    case repeatedField
    case missingHost
    case malformedHost
    case malformedContentLength
    case contentTooLarge
    case transferEncodingWithContentLength
    case transferEncodingBeforeHTTP11
    case transferEncodingNotSupported

    /// The status of the answer.
    package var status: Int {
        switch self {
        case .contentTooLarge: 413
        case .targetTooLong: 414
        case .headTooLarge, .tooManyFields: 431
        case .methodTooLong, .transferEncodingNotSupported: 501
        case .versionNotSupported: 505
        default: 400
        }
    }

    /// A fixed text for the log; it never holds bytes from the peer.
    package var reason: String {
        switch self {
        case .bareLineFeed: "line feed without carriage return"
        case .bareCarriageReturn: "carriage return without line feed"
        case .malformedRequestLine: "request line is not method, target and version"
        case .malformedMethod: "method is not a token"
        case .methodTooLong: "method is too long"
        case .malformedVersion: "version is not HTTP/1.1"
        case .versionNotSupported: "version is neither HTTP/1.0 nor HTTP/1.1"
        case .malformedTarget: "target has a character that no path has"
        case .absoluteTarget: "target is absolute, as for a forward proxy"
        case .authorityTarget: "target is neither a path nor a URL"
        case .asteriskTarget: "target is an asterisk"
        case .targetTooLong: "target is too long"
        case .headTooLarge: "request head is too large"
        case .tooManyFields: "too many header fields"
        case .foldedField: "header field is folded over lines"
        case .malformedFieldName: "header name is not a token"
        case .malformedFieldValue: "header value has a control character"
        case .repeatedField: "header that may appear once is repeated"
        case .missingHost: "host is missing"
        case .malformedHost: "host is not a name with an optional port"
        case .malformedContentLength: "content length is not a number"
        case .contentTooLarge: "content length is too large"
        case .transferEncodingWithContentLength: "transfer encoding together with content length"
        case .transferEncodingBeforeHTTP11: "transfer encoding in HTTP/1.0"
        case .transferEncodingNotSupported: "transfer encoding is not chunked alone"
        }
    }
}
