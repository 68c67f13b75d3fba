// SPDX-License-Identifier: EUPL-1.2
// Torhaus: AES-256-GCM for small records that lie on disk.

internal import COpenSSL

/// Seals bytes under a key of 32 bytes; what was sealed opens only whole and in its own context.
///
/// A sealed record is nonce (12), ciphertext, tag (16). Nonces are random: with fewer than 2^32 records under
/// one key (NIST SP 800-38D, 8.3) they do not meet.
package enum AuthenticatedCipher {
    package static let keyBytes = 32
    static let nonceBytes = 12
    static let tagBytes = 16

    /// The most that one record may hold; names and keys are far below.
    package static let limit = 1 << 20

    /// Seals; `context` is authenticated and not stored, such as the name of the row.
    package static func seal(
        _ plain: [UInt8],
        key: [UInt8],
        context: [UInt8]
    ) throws(OpenSSLError) -> [UInt8] {
        let nonce = try RandomBytes.make(count: nonceBytes)
        let sealed = unsafe try run(plain, key, nonce, context, sealing: true) {
            (cipher) throws(OpenSSLError) in
            var tag = [UInt8](repeating: 0, count: tagBytes)
            let got = unsafe EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, Int32(tagBytes), &tag)
            guard got == 1 else { throw ErrorQueue.failure("cannot seal") }
            return tag
        }
        return nonce + sealed.bytes + sealed.tag
    }

    /// Opens; throws when a byte, the key or the context is another.
    package static func open(
        _ sealed: [UInt8],
        key: [UInt8],
        context: [UInt8]
    ) throws(OpenSSLError) -> [UInt8] {
        guard nonceBytes + tagBytes <= sealed.count else { throw OpenSSLError(.library, "too short to open") }
        var tag = Array(sealed.suffix(tagBytes))
        let body = Array(sealed.dropFirst(nonceBytes).dropLast(tagBytes))
        return unsafe try run(body, key, Array(sealed.prefix(nonceBytes)), context, sealing: false) {
            (cipher) throws(OpenSSLError) in
            let set = unsafe EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, Int32(tagBytes), &tag)
            guard set == 1 else { throw ErrorQueue.failure("cannot open") }
            return []
        }.bytes
    }

    /// `tag` runs behind the last byte when sealing, and before it when opening.
    private static func run(
        _ input: [UInt8],
        _ key: [UInt8],
        _ nonce: [UInt8],
        _ context: [UInt8],
        sealing: Bool,
        tag: (OpaquePointer) throws(OpenSSLError) -> [UInt8]
    ) throws(OpenSSLError) -> (bytes: [UInt8], tag: [UInt8]) {
        guard key.count == keyBytes, input.count <= limit, context.count <= limit else {
            throw OpenSSLError(.library, "a key or a record of the wrong length")
        }
        ErrorQueue.clear()
        let failed = sealing ? "cannot seal" : "cannot open"
        guard let cipher = unsafe EVP_CIPHER_CTX_new() else { throw ErrorQueue.failure(failed) }
        defer { unsafe EVP_CIPHER_CTX_free(cipher) }
        var output = [UInt8](repeating: 0, count: input.count + tagBytes)
        var rest = [UInt8](repeating: 0, count: tagBytes)
        var ignored: Int32 = 0
        var written: Int32 = 0
        guard
            unsafe EVP_CipherInit_ex(cipher, EVP_aes_256_gcm(), nil, key, nonce, sealing ? 1 : 0) == 1,
            unsafe EVP_CipherUpdate(cipher, nil, &ignored, context, Int32(context.count)) == 1,
            unsafe EVP_CipherUpdate(cipher, &output, &written, input, Int32(input.count)) == 1
        else { throw ErrorQueue.failure(failed) }
        if !sealing { _ = unsafe try tag(cipher) }
        guard unsafe EVP_CipherFinal_ex(cipher, &rest, &ignored) == 1 else {
            throw ErrorQueue.failure(failed)
        }
        let found = sealing ? unsafe try tag(cipher) : []
        return (Array(output.prefix(Int(written))), found)
    }
}
