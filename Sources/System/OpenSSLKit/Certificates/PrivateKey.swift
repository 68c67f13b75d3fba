// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a private key of the library.

internal import COpenSSL

/// Owns an `EVP_PKEY`; immutable, and the library counts references with atomics.
///
/// Freed keys are zeroed by the library.
@safe
final class PrivateKey: @unchecked Sendable {
    let pkey: OpaquePointer
    /// True when users outside owner and group may read the file it came from.
    let readableByOthers: Bool

    /// Reads an unencrypted PEM key; daemons have nobody to ask for a passphrase.
    init(path: String) throws(OpenSSLError) {
        let file = try PEMFile(path: path)
        unsafe pkey = try unsafe file.withBIO { (bio) throws(OpenSSLError) in
            guard let raw = unsafe PEM_read_bio_PrivateKey(bio, nil, th_ssl_no_password, nil) else {
                throw OpenSSLError(.file, "cannot read \(path): no unencrypted private key in it")
            }
            return unsafe raw
        }
        readableByOthers = file.readableByOthers
    }

    deinit { unsafe EVP_PKEY_free(pkey) }
}
