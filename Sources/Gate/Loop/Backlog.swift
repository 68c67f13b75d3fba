// SPDX-License-Identifier: EUPL-1.2
// Torhaus: bytes that a socket did not take at once.

internal import LinuxKit

/// Holds at most what one batch brought, because its owner stops reading until it is empty; then the memory goes back.
struct Backlog {
    private var bytes: [UInt8] = []
    private var start = 0

    var isEmpty: Bool { start == bytes.count }

    mutating func append(_ span: RawSpan) {
        unsafe span.withUnsafeBytes { part in unsafe bytes.append(contentsOf: part) }
    }

    mutating func append(_ more: [UInt8]) { bytes.append(contentsOf: more) }

    /// Sends what the socket takes; an errno when it is broken.
    mutating func send(to fd: Int32) -> Int32? {
        while !isEmpty {
            switch unsafe StreamSocket.send(to: fd, bytes.span.bytes.extracting(droppingFirst: start)) {
            case .bytes(let count): start += count
            case .wouldBlock, .endOfStream: return nil
            case .failed(let code): return code
            }
        }
        bytes = []
        start = 0
        return nil
    }
}
