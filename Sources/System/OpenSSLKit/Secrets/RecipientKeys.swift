// SPDX-License-Identifier: EUPL-1.2
// Torhaus: sealing a short secret for a person who holds an RSA key.

internal import COpenSSL

/// RSA-OAEP with SHA-256 (RFC 8017), the one padding used here.
///
/// RSA, because every token and `openssl genpkey` can make such a key, and the whole operation is one of the
/// library's; 3000 bits is the floor of BSI TR-02102-1.
@safe
private enum OAEP {
    static let smallestKey: Int32 = 3000

    static func check(_ pkey: OpaquePointer, _ name: String) throws(OpenSSLError) {
        guard unsafe EVP_PKEY_get_base_id(pkey) == EVP_PKEY_RSA else {
            throw OpenSSLError(.file, "\(name) is not an RSA key")
        }
        guard unsafe smallestKey <= EVP_PKEY_get_bits(pkey) else {
            throw OpenSSLError(.file, "\(name) has fewer than \(smallestKey) bits")
        }
    }

    /// A context that is ready to seal or to open.
    static func context(_ pkey: OpaquePointer, sealing: Bool) -> OpaquePointer? {
        guard let context = unsafe EVP_PKEY_CTX_new(pkey, nil) else { return nil }
        let begun = unsafe sealing ? EVP_PKEY_encrypt_init(context) : EVP_PKEY_decrypt_init(context)
        guard begun == 1, unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256()) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) == 1
        else {
            unsafe EVP_PKEY_CTX_free(context)
            return nil
        }
        return unsafe context
    }

    /// Runs one operation; the library is asked for the room it needs first.
    static func run(
        _ input: [UInt8],
        _ pkey: OpaquePointer,
        sealing: Bool
    ) throws(OpenSSLError) -> [UInt8] {
        ErrorQueue.clear()
        let failed = sealing ? "cannot seal for this key" : "this key does not open it"
        guard let context = unsafe context(pkey, sealing: sealing) else { throw ErrorQueue.failure(failed) }
        defer {
            unsafe EVP_PKEY_CTX_free(context)
            ErrorQueue.clear()
        }
        let operation = unsafe sealing ? EVP_PKEY_encrypt : EVP_PKEY_decrypt
        var length = 0
        guard unsafe operation(context, nil, &length, input, input.count) == 1, length <= 4096 else {
            throw ErrorQueue.failure(failed)
        }
        var output = [UInt8](repeating: 0, count: length)
        guard unsafe operation(context, &output, &length, input, input.count) == 1 else {
            throw ErrorQueue.failure(failed)
        }
        return Array(output.prefix(length))
    }
}

/// The public half: seals, and can open nothing.
@safe
package final class RecipientPublicKey: @unchecked Sendable {
    // Unchecked: an EVP_PKEY is immutable, and the library counts references with atomics.
    private let pkey: OpaquePointer

    /// The longest secret a key of the smallest size takes: 375 - 2 * 32 - 2 bytes.
    package static let longestSecret = 309

    /// Reads `-----BEGIN PUBLIC KEY-----`; `name` is for messages.
    package init(pem: [UInt8], name: String) throws(OpenSSLError) {
        ErrorQueue.clear()
        guard let bio = unsafe BIO_new_mem_buf(pem, Int32(clamping: pem.count)) else {
            throw ErrorQueue.failure("cannot read \(name)")
        }
        defer {
            unsafe BIO_free_all(bio)
            ErrorQueue.clear()
        }
        guard let read = unsafe PEM_read_bio_PUBKEY(bio, nil, nil, nil) else {
            throw OpenSSLError(.file, "cannot read \(name): no public key in it")
        }
        do throws(OpenSSLError) {
            unsafe try OAEP.check(read, name)
        } catch {
            unsafe EVP_PKEY_free(read)
            throw error
        }
        unsafe pkey = unsafe read
    }

    deinit { unsafe EVP_PKEY_free(pkey) }

    /// SHA-256 of the DER of the public key: the same for the same key, however its file looks.
    package func fingerprint() throws(OpenSSLError) -> [UInt8] {
        var start: UnsafeMutablePointer<UInt8>?
        let length = unsafe i2d_PUBKEY(pkey, &start)
        guard 0 < length, let start = unsafe start else {
            throw ErrorQueue.failure("no form of a public key")
        }
        defer { unsafe CRYPTO_free(start, "", 0) }
        return Digest.sha256(unsafe Array(UnsafeBufferPointer(start: start, count: Int(length))))
    }

    package func seal(_ secret: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        guard secret.count <= Self.longestSecret else {
            throw OpenSSLError(.library, "\(secret.count) bytes are too many to seal for a key")
        }
        return unsafe try OAEP.run(secret, pkey, sealing: true)
    }
}

/// The private half, as its holder brings it.
@safe
package final class RecipientPrivateKey: @unchecked Sendable {
    // Unchecked: as above; freed keys are zeroed by the library.
    private let pkey: OpaquePointer

    /// Reads a PEM file; with `asking`, the library asks the terminal for its passphrase if it has one.
    package init(path: String, asking: Bool) throws(OpenSSLError) {
        let file = try PEMFile(path: path)
        let read: OpaquePointer = unsafe try file.withBIO { (bio) throws(OpenSSLError) in
            let found =
                unsafe asking
                ? PEM_read_bio_PrivateKey(bio, nil, nil, nil)
                : PEM_read_bio_PrivateKey(bio, nil, th_ssl_no_password, nil)
            guard let raw = unsafe found else {
                throw OpenSSLError(.file, "cannot read \(path): no private key, or a wrong passphrase")
            }
            return unsafe raw
        }
        do throws(OpenSSLError) {
            unsafe try OAEP.check(read, path)
        } catch {
            unsafe EVP_PKEY_free(read)
            throw error
        }
        unsafe pkey = unsafe read
    }

    deinit { unsafe EVP_PKEY_free(pkey) }

    package func open(_ sealed: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        unsafe try OAEP.run(sealed, pkey, sealing: false)
    }
}
