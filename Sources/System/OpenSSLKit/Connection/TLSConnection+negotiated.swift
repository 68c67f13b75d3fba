// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what a connection's handshake agreed on, read from the library on demand.

internal import COpenSSL

extension TLSConnection {
    /// What the handshake agreed on, nil before it is done.
    ///
    /// Made anew on each call: an idle connection keeps no text.
    package var negotiated: TLSNegotiated? {
        guard unsafe SSL_is_init_finished(ssl) == 1 else { return nil }
        return TLSNegotiated(
            version: unsafe TLSConnection.text(SSL_get_version(ssl)) ?? "",
            cipher: unsafe TLSConnection.text(SSL_CIPHER_get_name(SSL_get_current_cipher(ssl))) ?? "",
            group: group,
            serverName: unsafe TLSConnection.text(link.pointee.server_name),
            applicationProtocol: applicationProtocol,
            resumed: unsafe SSL_session_reused(ssl) == 1,
            client: clientVerdict
        )
    }

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String? {
        guard let pointer = unsafe pointer else { return nil }
        return unsafe String(cString: pointer)
    }

    private var group: String {
        let number = unsafe th_ssl_negotiated_group(ssl)
        guard number != 0 else { return "" }
        return unsafe TLSConnection.text(SSL_group_to_name(ssl, number)) ?? ""
    }

    private var applicationProtocol: String? {
        var start: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        unsafe SSL_get0_alpn_selected(ssl, &start, &length)
        guard let start = unsafe start, 0 < length else { return nil }
        return unsafe String(decoding: UnsafeBufferPointer(start: start, count: Int(length)), as: UTF8.self)
    }

    private var clientVerdict: TLSClientVerdict {
        guard context.asksForClientCertificate else { return .notRequested }
        guard let raw = unsafe SSL_get1_peer_certificate(ssl) else { return .absent }
        let certificate = unsafe Certificate(adopting: raw)
        let names = TLSClientCertificate(
            subject: certificate.subject,
            commonName: certificate.commonName,
            fingerprint: certificate.fingerprint
        )
        let code = unsafe SSL_get_verify_result(ssl)
        guard code == X509_V_OK else {
            let reason = unsafe TLSConnection.text(X509_verify_cert_error_string(code)) ?? "not acceptable"
            return .failed(code: code, reason: reason, names)
        }
        return .verified(names)
    }
}
