// SPDX-License-Identifier: EUPL-1.2
// Torhaus: writing to a TLS connection.

internal import COpenSSL
internal import LinuxKit

extension TLSConnection {
    /// AES-GCM under one key is good for 2^24.5 full records (RFC 8446, 5.5); we renew well before.
    static let recordsPerKey = 1 << 23

    private static let recordBytes = 16_384

    /// Encrypts all the bytes and sends them with one system call per `TLSScratch.passBytes`.
    ///
    /// Always takes everything. After `queued` the caller stops reading from the other side until `flush`
    /// says `sent`; small control messages may still be written, in order, up to a bound.
    package mutating func write(_ bytes: RawSpan, through scratch: inout TLSScratch) -> TLSWriteStep {
        var step = TLSWriteStep.sent
        var position = 0
        while position < bytes.byteCount {
            let end = min(bytes.byteCount, position + TLSScratch.passBytes)
            step = writePass(bytes.extracting(position..<end), through: &scratch)
            if case .failed = step { return step }
            position = end
        }
        return step
    }

    /// Sends what is queued; call when the socket is writable.
    package mutating func flush() -> TLSWriteStep {
        writeStep(unsafe th_ssl_link_flush(link))
    }

    /// Tells the peer that nothing more comes; once, however often it is called.
    ///
    /// When the socket is full this waits like other bytes: see `hasQueued` and `flush`. Reading goes on.
    package mutating func closeNotify() {
        guard !broken, unsafe SSL_is_init_finished(ssl) == 1,
            unsafe SSL_get_shutdown(ssl) & SSL_SENT_SHUTDOWN == 0
        else { return }
        ErrorQueue.clear()
        _ = unsafe SSL_shutdown(ssl)
        ErrorQueue.clear()
    }

    /// Renews our sending key with the next write, and asks the peer to renew its own (TLS 1.3 only).
    package mutating func renewKeys() {
        recordsOnKey = 0
        guard !broken, unsafe SSL_version(ssl) == TLS1_3_VERSION else { return }
        ErrorQueue.clear()
        _ = unsafe SSL_key_update(ssl, SSL_KEY_UPDATE_REQUESTED)
        ErrorQueue.clear()
    }

    private mutating func writePass(_ bytes: RawSpan, through scratch: inout TLSScratch) -> TLSWriteStep {
        guard !broken else { return .failed(socketFault ?? .library) }
        recordsOnKey += bytes.byteCount / TLSConnection.recordBytes + 1
        if TLSConnection.recordsPerKey < recordsOnKey { renewKeys() }

        ErrorQueue.clear()
        var written = 0
        var area = scratch.area.mutableBytes
        let (result, delivery) = unsafe area.withUnsafeMutableBytes { output in
            unsafe bytes.withUnsafeBytes { input in
                guard let start = output.baseAddress else { return (Int32(-1), TH_SSL_BROKEN) }
                // A single record goes out from libssl's own buffer: there is nothing to collect.
                if TLSConnection.recordBytes < input.count {
                    unsafe th_ssl_link_collect(
                        link,
                        start.assumingMemoryBound(to: UInt8.self),
                        UInt32(clamping: output.count)
                    )
                } else {
                    unsafe th_ssl_link_direct(link)
                }
                let result = unsafe SSL_write_ex(ssl, input.baseAddress, input.count, &written)
                // Delivers after a failure too: an alert may be all there is.
                return unsafe (result, th_ssl_link_deliver(link))
            }
        }
        guard result == 1, written == bytes.byteCount else {
            return .failed(fail(unsafe SSL_get_error(ssl, result), duringHandshake: false))
        }
        return writeStep(delivery)
    }

    private mutating func writeStep(_ delivery: th_ssl_delivery) -> TLSWriteStep {
        switch delivery {
        case TH_SSL_SENT: return .sent
        case TH_SSL_QUEUED: return .queued
        default:
            broken = true
            return .failed(socketFault ?? .library)
        }
    }
}
