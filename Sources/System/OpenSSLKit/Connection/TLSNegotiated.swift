// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what a finished handshake agreed on.

/// The outcome of a handshake, for the audit record, the PROXY header and the operator.
package struct TLSNegotiated: Hashable, Sendable {
    /// `TLSv1.3` or `TLSv1.2`.
    package let version: String
    /// The suite as OpenSSL names it, `TLS_AES_256_GCM_SHA384`.
    package let cipher: String
    /// The key exchange group, `secp256r1`, `x25519`; empty when the library does not say (TLS 1.2 resumed).
    package let group: String
    /// The name the client asked for, lower case, checked against our certificates unless unknown names are
    /// served; nil when it named none.
    package let serverName: String?
    /// `http/1.1`, or nil when the client offered nothing.
    package let applicationProtocol: String?
    /// True when a session ticket replaced the certificate part of the handshake.
    package let resumed: Bool
    /// What is known of the client's certificate.
    package let client: TLSClientVerdict
}

/// What is known of the client's certificate.
///
/// Never taken from a resumed session: with a client authority configured there are no session tickets.
package enum TLSClientVerdict: Hashable, Sendable {
    /// No client authority is configured, nothing was asked for.
    case notRequested
    /// Asked for, none sent.
    case absent
    /// Issued by the client authority, valid now, and its key was used in this handshake.
    case verified(TLSClientCertificate)
    /// Sent and not acceptable: the library's number (`X509_V_ERR_…`) and its text.
    case failed(code: Int, reason: String, TLSClientCertificate)
}

/// A client certificate's names.
package struct TLSClientCertificate: Hashable, Sendable {
    /// The subject as RFC 2253 text, UTF-8.
    package let subject: String
    /// The last common name of the subject.
    package let commonName: String?
    /// SHA-256 of the certificate's DER, 32 bytes.
    package let fingerprint: [UInt8]
}
