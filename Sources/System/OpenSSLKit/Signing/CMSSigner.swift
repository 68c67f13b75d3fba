// SPDX-License-Identifier: EUPL-1.2
// Torhaus: detached CMS signatures, as the signature of an .rdp file needs them.

internal import COpenSSL

/// Signs with one certificate and key; safe to use from many threads at once.
package final class CMSSigner: Sendable {
    private let chain: [Certificate]
    private let key: PrivateKey

    /// What `check` asks of the usage: any of these, or no extended usage at all.
    private static let usages = [
        ExtendedUsage.serverAuthentication, ExtendedUsage.codeSigning, ExtendedUsage.remoteDesktopSigning,
        ExtendedUsage.any,
    ]

    /// The signing certificate, first, and its intermediates.
    package let certificates: [CertificateInfo]

    /// Reads chain and key; throws when they cannot be used at all.
    ///
    /// Dates are `check`'s.
    package init(_ files: CertificateFiles) throws(OpenSSLError) {
        let check = CertificateCheck(files, profile: .modern)
        if let problem = check.problems.first(where: { $0.severity == .error }) {
            throw OpenSSLError(.certificate, problem.description)
        }
        guard let key = check.key else { throw OpenSSLError(.certificate, "\(files.key): no key") }
        chain = check.chain
        self.key = key
        certificates = check.chain.map(CertificateInfo.init)
    }

    /// DER of a detached SignedData: SHA-256, no signed attributes, signer and intermediates included.
    package func sign(_ content: RawSpan) throws(OpenSSLError) -> [UInt8] {
        ErrorQueue.clear()
        guard let leaf = chain.first, let others = unsafe th_ssl_stack_new() else {
            throw ErrorQueue.failure("cannot sign")
        }
        defer { unsafe th_ssl_stack_free(others) }
        for certificate in chain.dropFirst() {
            guard unsafe th_ssl_stack_push(others, certificate.x509) == 1 else {
                throw ErrorQueue.failure("cannot sign")
            }
        }
        let flags = UInt32(CMS_DETACHED | CMS_BINARY | CMS_NOATTR | CMS_NOSMIMECAP)
        let made: [UInt8]? = unsafe content.withUnsafeBytes { bytes in
            guard let data = unsafe BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count)) else {
                return nil
            }
            defer { unsafe BIO_free_all(data) }
            guard let message = unsafe CMS_sign(nil, nil, others, data, flags | UInt32(CMS_PARTIAL)) else {
                return nil
            }
            defer { unsafe CMS_ContentInfo_free(message) }
            guard unsafe CMS_add1_signer(message, leaf.x509, key.pkey, EVP_sha256(), flags) != nil,
                unsafe CMS_final(message, data, nil, flags) == 1
            else { return nil }
            return unsafe CMSSigner.der(message)
        }
        guard let made else { throw ErrorQueue.failure("cannot sign") }
        return made
    }

    /// The same for an array.
    package func sign(_ content: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        try unsafe sign(content.span.bytes)
    }

    private static func der(_ message: OpaquePointer) -> [UInt8]? {
        var start: UnsafeMutablePointer<UInt8>?
        let length = unsafe i2d_CMS_ContentInfo(message, &start)
        guard 0 < length, let start = unsafe start else { return nil }
        defer { unsafe CRYPTO_free(start, "", 0) }
        return unsafe Array(UnsafeBufferPointer(start: start, count: Int(length)))
    }

    /// What an operator should know of the signing certificate.
    ///
    /// `now` is seconds since 1970; nil means the system's clock.
    package static func check(_ files: CertificateFiles, at now: Int64? = nil) -> [CertificateProblem] {
        var check = CertificateCheck(files, profile: .modern)
        check.checkValidity(at: now ?? CertificateCheck.now)
        if let leaf = check.chain.first {
            if case .elliptic = leaf.publicKey {
                check.add(
                    .warning(
                        files.chain,
                        "Windows clients want an RSA key for signed .rdp files, this is ECDSA"
                    )
                )
            }
            if !leaf.allowsAny(ofUsages: usages) {
                check.add(
                    .error(
                        files.chain,
                        "the certificate is meant for none of server authentication, code signing and "
                            + "remote desktop signing"
                    )
                )
            }
        }
        return check.problems
    }
}
