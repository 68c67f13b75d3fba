// SPDX-License-Identifier: EUPL-1.2
// Torhaus: kinds of keys and signatures in certificates.

internal import COpenSSL

/// What a public key is, as far as our rules care.
enum PublicKeyKind: Hashable, Sendable, CustomStringConvertible {
    case rsa(bits: Int)
    case elliptic(curve: String, bits: Int)
    case other(String)

    init(_ key: OpaquePointer?) {
        guard let key = unsafe key else {
            self = .other("unknown")
            return
        }
        let bits = unsafe Int(EVP_PKEY_get_bits(key))
        switch unsafe EVP_PKEY_get_base_id(key) {
        case EVP_PKEY_RSA, EVP_PKEY_RSA_PSS:
            self = .rsa(bits: bits)
        case EVP_PKEY_EC:
            var name = [CChar](repeating: 0, count: 64)
            var length = 0
            let known = unsafe EVP_PKEY_get_group_name(key, &name, name.count, &length)
            let curve =
                known == 1
                ? String(decoding: name.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
                : "unnamed"
            self = .elliptic(curve: PublicKeyKind.common[curve] ?? curve, bits: bits)
        default:
            let name = unsafe EVP_PKEY_get0_type_name(key)
            self = .other(unsafe name.map { unsafe String(cString: $0) } ?? "unknown")
        }
    }

    /// The curves of both profiles, by the library's name.
    private static let common = ["prime256v1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"]

    static let allowedCurves = Set(common.values)

    var bits: Int {
        switch self {
        case .rsa(let bits), .elliptic(_, let bits): bits
        case .other: 0
        }
    }

    /// Certificates of different families can serve the same names.
    var family: String {
        switch self {
        case .rsa: "RSA"
        case .elliptic: "ECDSA"
        case .other(let name): name
        }
    }

    /// Kind and strength: `RSA 3072`, `ECDSA P-256`.
    var description: String {
        switch self {
        case .rsa(let bits): "RSA \(bits)"
        case .elliptic(let curve, _): "ECDSA \(curve)"
        case .other(let name): name
        }
    }
}

/// How an issuer signed a certificate.
struct CertificateSignature: Hashable, Sendable, CustomStringConvertible {
    let digest: Int32
    let key: Int32

    /// SHA-1 and older: forgeries are practical.
    var hasBrokenDigest: Bool { [NID_sha1, NID_md5, NID_md4, NID_md5_sha1, NID_undef].contains(digest) }

    /// RSA with PKCS#1 v1.5 padding.
    var isPKCS1: Bool { key == NID_rsaEncryption }

    /// Scheme and hash: `RSA PKCS#1 v1.5, SHA256`.
    var description: String {
        let scheme =
            switch key {
            case NID_rsaEncryption: "RSA PKCS#1 v1.5"
            case NID_rsassaPss: "RSA-PSS"
            case NID_X9_62_id_ecPublicKey: "ECDSA"
            default: unsafe OBJ_nid2sn(key).map { unsafe String(cString: $0) } ?? "unknown"
            }
        let hash = unsafe OBJ_nid2sn(digest).map { unsafe String(cString: $0) } ?? "unknown"
        return "\(scheme), \(hash)"
    }
}
