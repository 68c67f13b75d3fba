// SPDX-License-Identifier: EUPL-1.2
// Torhaus: Ed25519 (RFC 8032), for logs and witnesses.

internal import COpenSSL

/// A private key; safe to use from many threads at once.
///
/// The bytes stay inside the library, which zeroes them at the end.
@safe
package final class Ed25519Key: @unchecked Sendable {
    // Unchecked: an EVP_PKEY is immutable, and the library counts references with atomics.

    private let pkey: OpaquePointer
    /// 32 bytes.
    package let publicKey: [UInt8]

    private init(adopting pkey: OpaquePointer) throws(OpenSSLError) {
        unsafe self.pkey = pkey
        var bytes = [UInt8](repeating: 0, count: Ed25519.publicKeyBytes)
        var count = bytes.count
        let done = unsafe EVP_PKEY_get_raw_public_key(pkey, &bytes, &count)
        publicKey = bytes
        guard done == 1, count == Ed25519.publicKeyBytes else { throw ErrorQueue.failure("no public key") }
    }

    deinit { unsafe EVP_PKEY_free(pkey) }

    /// A fresh key.
    package static func generate() throws(OpenSSLError) -> Ed25519Key {
        ErrorQueue.clear()
        guard let pkey = unsafe th_ed25519_generate() else { throw ErrorQueue.failure("no new key") }
        return unsafe try Ed25519Key(adopting: pkey)
    }

    /// A key from its 32 bytes; for tests and for vectors.
    package convenience init(seed: [UInt8]) throws(OpenSSLError) {
        ErrorQueue.clear()
        guard
            let pkey = unsafe EVP_PKEY_new_raw_private_key(th_ed25519_kind(), nil, seed, seed.count)
        else { throw ErrorQueue.failure("not an ed25519 key") }
        unsafe try self.init(adopting: pkey)
    }

    /// Reads an unencrypted PKCS #8 file that nobody but its owner and group may read.
    package convenience init(path: String) throws(OpenSSLError) {
        let file = try PEMFile(path: path)
        guard !file.readableByOthers else {
            throw OpenSSLError(.file, "\(path) is readable by everybody; nobody may trust this key any more")
        }
        let read: OpaquePointer = unsafe try file.withBIO { (bio) throws(OpenSSLError) in
            guard let raw = unsafe PEM_read_bio_PrivateKey(bio, nil, th_ssl_no_password, nil) else {
                throw OpenSSLError(.file, "cannot read \(path): no unencrypted private key in it")
            }
            return unsafe raw
        }
        guard unsafe EVP_PKEY_get_id(read) == th_ed25519_kind() else {
            unsafe EVP_PKEY_free(read)
            throw OpenSSLError(.file, "\(path) is not an ed25519 key")
        }
        unsafe try self.init(adopting: read)
    }

    /// PKCS #8 as PEM, for a file of mode 0400; the caller wipes it.
    package func pem() throws(OpenSSLError) -> [UInt8] {
        ErrorQueue.clear()
        guard let bio = unsafe BIO_new(BIO_s_secmem()) else { throw ErrorQueue.failure("no key text") }
        defer { unsafe BIO_free_all(bio) }
        guard unsafe PEM_write_bio_PKCS8PrivateKey(bio, pkey, nil, nil, 0, nil, nil) == 1 else {
            throw ErrorQueue.failure("no key text")
        }
        var start: UnsafeMutableRawPointer?
        let count = unsafe th_ssl_bio_contents(bio, &start)
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// The 64 bytes of a signature.
    package func sign(_ message: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        ErrorQueue.clear()
        guard let context = unsafe EVP_MD_CTX_new() else { throw ErrorQueue.failure("cannot sign") }
        defer { unsafe EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: Ed25519.signatureBytes)
        var count = signature.count
        guard unsafe EVP_DigestSignInit(context, nil, nil, nil, pkey) == 1,
            unsafe EVP_DigestSign(context, &signature, &count, message, message.count) == 1,
            count == Ed25519.signatureBytes
        else { throw ErrorQueue.failure("cannot sign") }
        return signature
    }
}

/// Verification.
package enum Ed25519 {
    /// RFC 8032 5.1.5.
    package static let publicKeyBytes = 32
    /// RFC 8032 5.1.6.
    package static let signatureBytes = 64

    /// True when the signature is the key's for this message; false for anything that is no key or signature.
    package static func verify(publicKey: [UInt8], message: [UInt8], signature: [UInt8]) -> Bool {
        guard publicKey.count == publicKeyBytes, signature.count == signatureBytes else { return false }
        ErrorQueue.clear()
        defer { ErrorQueue.clear() }
        guard
            let pkey = unsafe EVP_PKEY_new_raw_public_key(
                th_ed25519_kind(),
                nil,
                publicKey,
                publicKey.count
            )
        else { return false }
        defer { unsafe EVP_PKEY_free(pkey) }
        guard let context = unsafe EVP_MD_CTX_new() else { return false }
        defer { unsafe EVP_MD_CTX_free(context) }
        guard unsafe EVP_DigestVerifyInit(context, nil, nil, nil, pkey) == 1 else { return false }
        return unsafe EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }
}
