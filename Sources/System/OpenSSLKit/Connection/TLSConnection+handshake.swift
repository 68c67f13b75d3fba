// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the handshake of a TLS connection.

internal import COpenSSL

extension TLSConnection {
    /// Bytes that one step of a handshake may receive: a client hello, a certificate chain and to spare.
    private static let handshakeAllowance: UInt32 = 256 * 1024

    /// Read-ahead once records carry bytes: one recv brings eight full records straight into libssl's buffer, which
    /// is released whenever it is empty.
    ///
    /// A handshake makes do with room for one record: its buffer often goes along to another thread.
    private static let readBufferBytes = 128 * 1024

    /// Goes on with the handshake as far as the socket allows.
    ///
    /// `done` once everything is sent; with `wantWrite` nothing is read until the client takes what we have.
    package mutating func handshake() -> TLSHandshakeStep {
        guard !broken else { return .failed(.library) }
        if hasQueued {
            switch flush() {
            case .sent: break
            case .queued: return .wantWrite
            case .failed(let fault): return .failed(fault)
            }
        }
        if unsafe SSL_is_init_finished(ssl) == 1 { return .done }

        ErrorQueue.clear()
        unsafe link.pointee.dry = 0
        unsafe link.pointee.allowance = TLSConnection.handshakeAllowance
        let result = unsafe SSL_do_handshake(ssl)
        if result == 1 {
            unsafe SSL_set_default_read_buffer_len(ssl, TLSConnection.readBufferBytes)
            return hasQueued ? .wantWrite : .done
        }
        switch unsafe SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ:
            ErrorQueue.clear()
            return hasQueued ? .wantWrite : .wantRead
        case SSL_ERROR_WANT_WRITE:
            ErrorQueue.clear()
            return .wantWrite
        case let error:
            return .failed(fail(error, duringHandshake: true))
        }
    }

    /// Turns the library's last failure into ours and marks the connection as over.
    mutating func fail(_ error: Int32, duringHandshake: Bool) -> TLSFault {
        broken = true
        let code = ErrorQueue.take()
        if let fault = socketFault { return fault }
        if unsafe link.pointee.saw_eof != 0, error == SSL_ERROR_SYSCALL || error == SSL_ERROR_ZERO_RETURN {
            return duringHandshake ? .closedInHandshake : .protocolViolation
        }
        if error == SSL_ERROR_ZERO_RETURN { return .closedInHandshake }
        return TLSFault(libraryError: code)
    }

    /// What broke the socket, if anything did.
    var socketFault: TLSFault? {
        switch unsafe link.pointee.failure {
        case 0: nil
        case ECONNRESET, EPIPE: .reset
        case ENOBUFS: .overflow
        case let code: .inputOutput(code)
        }
    }
}
