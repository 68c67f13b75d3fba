// SPDX-License-Identifier: EUPL-1.2
// Torhaus: HTTP/1.1 request heads, response heads and chunked bodies (RFC 9112), as strict as the front door needs.
// Where the standard lets a recipient be lenient, this refuses, so that no two readers can see two requests.

/// The bounds of everything that HTTP peers send before they are known.
package enum HTTPLimits {
    /// Bytes of a request head, including the empty line; nginx and HAProxy have 8 KiB too.
    package static let head = 8 * 1024
    /// Header fields; xfreerdp sends 12, browsers about 20.
    package static let fields = 64
    /// Bytes of a method; the longest in use is RDG_OUT_DATA with 12.
    package static let method = 32
    /// Bytes of a request target.
    package static let target = 4 * 1024
    /// Bytes of a Host value: a DNS name of 253 with a port.
    package static let host = 253 + 6
    /// Digits of a Content-Length: those of Int64.max.
    package static let contentLengthDigits = 19
    /// Payload of one chunk; MS-TSGU clients send one packet in each, at most 65,545 bytes.
    package static let chunk = 16 * 1024 * 1024
    /// Digits of a chunk size; some senders fill up with zeros to eight.
    package static let chunkDigits = 8
    /// Letters of a Basic credential in base64: a user name and a secret of 510 bytes together.
    package static let credential = 680
    /// Bytes of a WebSocket key; browsers send 24, xfreerdp 15.
    package static let webSocketKey = 64
}
