// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reading from a TLS connection.

internal import COpenSSL

extension TLSConnection {
    /// What the kernel may bring in beyond the asked-for bytes in one call: libssl's read-ahead, and records
    /// that carry no application bytes.
    ///
    /// Without the bound a peer could hold the thread with those.
    private static let readAheadAllowance = 256 * 1024

    /// Fills the span from `offset` with what has arrived, decrypted.
    ///
    /// An offset at or beyond the end reads nothing and answers `wouldBlock`.
    package mutating func read(into target: inout MutableRawSpan, from offset: Int) -> TLSReadStep {
        if let readEnd { return readEnd.step }
        guard !broken else { return .failed(.library) }
        guard 0 <= offset, offset < target.byteCount else { return .wouldBlock }

        ErrorQueue.clear()
        unsafe link.pointee.dry = 0
        unsafe link.pointee.allowance = UInt32(
            clamping: target.byteCount - offset + TLSConnection.readAheadAllowance
        )
        var position = offset
        while position < target.byteCount {
            var got = 0
            let room = target.byteCount - position
            let result = unsafe target.withUnsafeMutableBytes { buffer in
                guard let start = buffer.baseAddress else { return Int32(-1) }
                return unsafe SSL_read_ex(ssl, start + position, room, &got)
            }
            guard result == 1 else {
                let end = readStop(unsafe SSL_get_error(ssl, result))
                guard offset < position else { return end ?? .wouldBlock }
                // The end is told by the next call: the socket has nothing left to announce it with.
                return .bytes(position - offset, drained: end == nil)
            }
            position += got
            // Socket and libssl are empty: asking once more would only make and free a buffer.
            if unsafe link.pointee.dry != 0 && SSL_has_pending(ssl) == 0 { break }
        }
        return .bytes(position - offset, drained: unsafe SSL_has_pending(ssl) == 0)
    }

    /// Nil when the socket has to be waited for, else how reading ended.
    private mutating func readStop(_ error: Int32) -> TLSReadStep? {
        switch error {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE:
            ErrorQueue.clear()
            return nil
        case SSL_ERROR_ZERO_RETURN:
            ErrorQueue.clear()
            readEnd = .closeNotify
        case SSL_ERROR_SYSCALL where unsafe link.pointee.saw_eof != 0 && link.pointee.failure == 0:
            ErrorQueue.clear()
            readEnd = .cut
        default:
            readEnd = .failed(fail(error, duringHandshake: false))
        }
        return readEnd?.step
    }
}

/// How reading ended.
enum TLSReadEnd {
    case closeNotify
    /// The line ended without close_notify.
    case cut
    case failed(TLSFault)

    var step: TLSReadStep {
        switch self {
        case .closeNotify: .closed(clean: true)
        case .cut: .closed(clean: false)
        case .failed(let fault): .failed(fault)
        }
    }
}
