// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the library's error codes as our faults.

internal import COpenSSL

extension TLSFault {
    /// Sorts an error code of libssl; whatever is not listed is the peer's fault, because ours are found
    /// when a context is made.
    init(libraryError code: UInt) {
        guard code != 0 else {
            self = .library
            return
        }
        if th_ssl_error_is_peer_alert(code) != 0 {
            self = .peerAlert(UInt8(clamping: th_ssl_error_alert(code)))
            return
        }
        guard th_ssl_error_in_ssl(code) != 0 else {
            // libcrypto: a point not on the curve, a broken signature, a certificate that is not DER.
            self = .protocolViolation
            return
        }
        switch th_ssl_error_reason(code) {
        case SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST, SSL_R_WRONG_VERSION_NUMBER,
            SSL_R_BAD_RECORD_TYPE, SSL_R_RECORD_LENGTH_MISMATCH:
            self = .notTLS
        case SSL_R_NO_SHARED_CIPHER, SSL_R_NO_SUITABLE_KEY_SHARE, SSL_R_NO_SHARED_GROUPS,
            SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM, SSL_R_VERSION_TOO_LOW,
            SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS, SSL_R_UNSUPPORTED_SSL_VERSION,
            SSL_R_NO_SUITABLE_GROUPS, SSL_R_MISSING_SIGALGS_EXTENSION,
            SSL_R_MISSING_SUPPORTED_GROUPS_EXTENSION:
            self = .nothingShared
        case SSL_R_CALLBACK_FAILED:
            // Only the client hello callback can fail, and it has one reason.
            self = .unrecognizedName
        case SSL_R_NO_APPLICATION_PROTOCOL:
            self = .noApplicationProtocol
        case SSL_R_BAD_SIGNATURE, SSL_R_CERTIFICATE_VERIFY_FAILED, SSL_R_CERT_LENGTH_MISMATCH,
            SSL_R_UNKNOWN_CERTIFICATE_TYPE, SSL_R_NO_CERTIFICATE_ASSIGNED, SSL_R_WRONG_SIGNATURE_TYPE,
            SSL_R_EXCESSIVE_MESSAGE_SIZE:
            self = .clientCertificate
        case SSL_R_UNEXPECTED_EOF_WHILE_READING:
            self = .closedInHandshake
        default:
            self = .protocolViolation
        }
    }
}
