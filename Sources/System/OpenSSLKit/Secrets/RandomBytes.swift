// SPDX-License-Identifier: EUPL-1.2
// Torhaus: random bytes for tickets, identifiers and keys.

internal import COpenSSL

/// The library's random generator.
package enum RandomBytes {
    /// The most that one call gives; nothing here needs more.
    package static let limit = 65_536

    /// Fresh random bytes, at most `limit`.
    package static func make(count: Int) throws(OpenSSLError) -> [UInt8] {
        guard 0 <= count, count <= limit, let length = Int32(exactly: count) else {
            throw OpenSSLError(.library, "\(count) random bytes are out of range")
        }
        ErrorQueue.clear()
        var made = false
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            guard let start = buffer.baseAddress else {
                made = true
                return
            }
            made = unsafe RAND_bytes(start, length) == 1
            initialized = made ? count : 0
        }
        guard made else { throw ErrorQueue.failure("no random bytes") }
        return bytes
    }

    /// Fills secret memory with random bytes.
    package static func fill(_ secret: inout SecretBytes) throws(OpenSSLError) {
        guard secret.count <= limit, let length = Int32(exactly: secret.count) else {
            throw OpenSSLError(.library, "\(secret.count) random bytes are out of range")
        }
        ErrorQueue.clear()
        var target = secret.mutableBytes
        let made = unsafe target.withUnsafeMutableBytes { buffer in
            guard let start = buffer.baseAddress else { return true }
            return unsafe RAND_bytes(start.assumingMemoryBound(to: UInt8.self), length) == 1
        }
        guard made else { throw ErrorQueue.failure("no random bytes") }
    }
}
