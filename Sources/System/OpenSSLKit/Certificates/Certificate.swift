// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one X.509 certificate of the library, and what is read from it.

internal import COpenSSL

/// Owns an `X509`; immutable, and the library counts references with atomics.
@safe
final class Certificate: @unchecked Sendable {
    let x509: OpaquePointer

    init(adopting x509: OpaquePointer) { unsafe self.x509 = x509 }

    deinit { unsafe X509_free(x509) }

    /// A file of certificates may hold this many; a chain of ours has two or three.
    private static let mostInFile = 512

    /// All certificates of a PEM file, in its order.
    static func load(_ path: String) throws(OpenSSLError) -> [Certificate] {
        let file = try PEMFile(path: path)
        let found = try unsafe file.withBIO { (bio) throws(OpenSSLError) in
            var found: [Certificate] = []
            while found.count < mostInFile {
                guard let raw = unsafe PEM_read_bio_X509(bio, nil, th_ssl_no_password, nil) else { break }
                unsafe found.append(Certificate(adopting: raw))
            }
            // The end of the file shows as "no start line"; anything else is a damaged certificate.
            let code = ErrorQueue.take()
            guard code == 0 || th_ssl_error_reason(code) == PEM_R_NO_START_LINE else {
                throw OpenSSLError(.file, "cannot read \(path): a certificate in it is damaged")
            }
            return found
        }
        guard !found.isEmpty else { throw OpenSSLError(.file, "cannot read \(path): no certificate in it") }
        return found
    }

    // MARK: Names

    var subject: String { unsafe text(X509_get_subject_name(x509)) }

    var issuer: String { unsafe text(X509_get_issuer_name(x509)) }

    var isSelfIssued: Bool {
        unsafe X509_NAME_cmp(X509_get_subject_name(x509), X509_get_issuer_name(x509)) == 0
    }

    /// The last common name, as UTF-8.
    var commonName: String? {
        let name = unsafe X509_get_subject_name(x509)
        var last: Int32 = -1
        while true {
            let next = unsafe X509_NAME_get_index_by_NID(name, NID_commonName, last)
            if next < 0 { break }
            last = next
        }
        guard 0 <= last else { return nil }
        let value = unsafe X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, last))
        var bytes: UnsafeMutablePointer<UInt8>?
        let length = unsafe ASN1_STRING_to_UTF8(&bytes, value)
        guard 0 <= length, let start = unsafe bytes else { return nil }
        defer { unsafe CRYPTO_free(start, "", 0) }
        return unsafe String(decoding: UnsafeBufferPointer(start: start, count: Int(length)), as: UTF8.self)
    }

    /// DNS names in lower case and IP addresses of the subject alternative name.
    var alternativeNames: (hosts: [String], addresses: [[UInt8]]) {
        guard let names = unsafe X509_get_ext_d2i(x509, NID_subject_alt_name, nil, nil) else {
            return ([], [])
        }
        let list = OpaquePointer(names)
        defer { unsafe GENERAL_NAMES_free(list) }
        var hosts: [String] = []
        var addresses: [[UInt8]] = []
        for index in 0..<(unsafe th_ssl_names_count(list)) {
            var start: UnsafePointer<UInt8>?
            var length: Int32 = 0
            let kind = unsafe th_ssl_name_at(list, index, &start, &length)
            guard 0 < length, let start = unsafe start else { continue }
            let bytes = unsafe UnsafeBufferPointer(start: start, count: Int(length))
            if kind == GEN_DNS {
                unsafe hosts.append(String(decoding: bytes, as: UTF8.self).lowercased())
            } else if kind == GEN_IPADD {
                unsafe addresses.append(Array(bytes))
            }
        }
        return (hosts, addresses)
    }

    private func text(_ name: OpaquePointer?) -> String {
        guard let bio = unsafe BIO_new(BIO_s_mem()) else { return "" }
        defer { unsafe BIO_free_all(bio) }
        guard 0 <= (unsafe X509_NAME_print_ex(bio, name, 0, th_ssl_name_flags())) else { return "" }
        var start: UnsafeMutableRawPointer?
        let length = unsafe th_ssl_bio_contents(bio, &start)
        guard 0 < length, let start = unsafe start else { return "" }
        return unsafe String(decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self)
    }

    // MARK: Facts

    /// Seconds since 1970.
    var notBefore: Int64? { unsafe seconds(X509_get0_notBefore(x509)) }

    /// Seconds since 1970.
    var notAfter: Int64? { unsafe seconds(X509_get0_notAfter(x509)) }

    private func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
        var ok: Int32 = 0
        let seconds = unsafe th_ssl_time(time, &ok)
        return ok == 1 ? seconds : nil
    }

    var publicKey: PublicKeyKind { unsafe PublicKeyKind(X509_get0_pubkey(x509)) }

    /// SHA-256 of the DER.
    var fingerprint: [UInt8] { unsafe digest(EVP_sha256(), size: 32) }

    /// SHA-1 of the DER; Windows policies name certificates by it.
    var thumbprint: [UInt8] { unsafe digest(EVP_sha1(), size: 20) }

    private func digest(_ algorithm: OpaquePointer?, size: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: size)
        var length: UInt32 = 0
        let made = unsafe X509_digest(x509, algorithm, &bytes, &length)
        precondition(made == 1 && Int(length) == size, "a digest is missing from the library")
        return bytes
    }

    /// How the issuer signed.
    var signature: CertificateSignature {
        var digest: Int32 = 0
        var key: Int32 = 0
        guard unsafe X509_get_signature_info(x509, &digest, &key, nil, nil) == 1 else {
            return CertificateSignature(digest: 0, key: 0)
        }
        return CertificateSignature(digest: digest, key: key)
    }

    /// True when this certificate's key made the other one's signature and the names agree.
    func issued(_ other: Certificate) -> Bool {
        defer { ErrorQueue.clear() }
        return unsafe X509_check_issued(x509, other.x509) == X509_V_OK
            && X509_verify(other.x509, X509_get0_pubkey(x509)) == 1
    }

    /// True when the key belongs to this certificate.
    func matches(_ key: PrivateKey) -> Bool {
        defer { ErrorQueue.clear() }
        return unsafe X509_check_private_key(x509, key.pkey) == 1
    }

    /// True when there is no extended key usage, or it names one of these (dotted).
    func allowsAny(ofUsages usages: [String]) -> Bool {
        if unsafe X509_get_ext_by_NID(x509, NID_ext_key_usage, -1) < 0 { return true }
        return usages.contains { unsafe th_ssl_has_extended_usage(x509, $0) == 1 }
    }
}
