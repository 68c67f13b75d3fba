// SPDX-License-Identifier: EUPL-1.2
// Torhaus: which protocol versions, suites, groups and signatures a listener accepts.

/// A named set of TLS parameters, from the lists of BSI TR-02102-2 and nothing beside them but X25519.
package enum TLSProfile: String, Hashable, Sendable, CaseIterable {
    /// BSI TR-02102-2: TLS 1.3 and 1.2 with AES-GCM, NIST curves, ECDSA and RSA-PSS.
    case bsi
    /// The same, and X25519 before the NIST curves.
    case modern

    /// TLS 1.3 suites, our preference first.
    ///
    /// Neither profile has ChaCha20: BSI does not list it.
    static let suites13 = "TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256"

    /// TLS 1.2 suites, our preference first.
    static let suites12 =
        "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
        + "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256"

    /// Handshake signatures, for TLS 1.2 too: PKCS#1 v1.5 left the BSI's list in 2025.
    static let signatures =
        "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:"
        + "rsa_pss_rsae_sha256:rsa_pss_rsae_sha384:rsa_pss_rsae_sha512:"
        + "rsa_pss_pss_sha256:rsa_pss_pss_sha384:rsa_pss_pss_sha512"

    /// Key exchange groups, our preference first.
    var groups: String {
        switch self {
        case .bsi: "P-256:P-384:P-521"
        case .modern: "X25519:P-256:P-384:P-521"
        }
    }
}
