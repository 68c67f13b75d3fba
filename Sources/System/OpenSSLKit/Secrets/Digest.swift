// SPDX-License-Identifier: EUPL-1.2
// Torhaus: hashes and keyed hashes.

internal import COpenSSL

/// One-shot hashes.
package enum Digest {
    /// SHA-1: for WebSocket accept values and certificate thumbprints only, never for security.
    package static func sha1(_ bytes: [UInt8]) -> [UInt8] { unsafe hash(bytes.span.bytes, with: .sha1) }

    /// SHA-256 of an array.
    package static func sha256(_ bytes: [UInt8]) -> [UInt8] { unsafe hash(bytes.span.bytes, with: .sha256) }

    /// SHA-256 of a span.
    package static func sha256(_ bytes: RawSpan) -> [UInt8] { hash(bytes, with: .sha256) }

    /// HMAC-SHA-256.
    package static func hmacSHA256(key: RawSpan, _ bytes: RawSpan) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        let made = unsafe key.withUnsafeBytes { key in
            unsafe bytes.withUnsafeBytes { message in
                unsafe result.withUnsafeMutableBufferPointer { out in
                    // HMAC() takes a NULL key as "the last key": an empty key needs a real address.
                    let empty: UInt8 = 0
                    return unsafe withUnsafePointer(to: empty) { none in
                        unsafe HMAC(
                            Algorithm.sha256.evp,
                            key.baseAddress ?? UnsafeRawPointer(none),
                            Int32(clamping: key.count),
                            message.bindMemory(to: UInt8.self).baseAddress,
                            message.count,
                            out.baseAddress,
                            &length
                        ) != nil
                    }
                }
            }
        }
        precondition(made && length == 32, "HMAC-SHA-256 is missing from the library")
        return result
    }

    /// HMAC-SHA-256 of arrays; a key that must be zeroed belongs in `SecretBytes` and the call above.
    package static func hmacSHA256(key: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
        unsafe hmacSHA256(key: key.span.bytes, bytes.span.bytes)
    }

    private enum Algorithm {
        case sha1
        case sha256

        var size: Int { self == .sha1 ? 20 : 32 }

        var evp: OpaquePointer? { unsafe self == .sha1 ? EVP_sha1() : EVP_sha256() }
    }

    private static func hash(_ bytes: RawSpan, with algorithm: Algorithm) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: algorithm.size)
        let made = unsafe bytes.withUnsafeBytes { message in
            unsafe result.withUnsafeMutableBufferPointer { out in
                unsafe EVP_Digest(
                    message.baseAddress,
                    message.count,
                    out.baseAddress,
                    nil,
                    algorithm.evp,
                    nil
                ) == 1
            }
        }
        // Fails only when the library's default provider is gone; nothing can go on then.
        precondition(made, "a digest is missing from the library")
        return result
    }
}
