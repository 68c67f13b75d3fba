// SPDX-License-Identifier: EUPL-1.2
// Torhaus: SHA-256 for Merkle trees, where millions of short inputs are hashed in a row.

internal import COpenSSL

/// SHA-256 without an allocation of ours for the result.
///
/// The library looks an algorithm up by its name for each hash unless it was fetched before: that look-up takes
/// longer than the hash of a tree node.
package enum TreeDigest {
    /// SHA-256.
    package static func sha256(_ bytes: RawSpan) -> [32 of UInt8] {
        var result = [32 of UInt8](repeating: 0)
        var span = result.mutableSpan
        let made = unsafe bytes.withUnsafeBytes { message in
            unsafe span.withUnsafeMutableBufferPointer { out in
                unsafe th_sha256(message.baseAddress, message.count, out.baseAddress) == 1
            }
        }
        // Fails only when the library's default provider is gone; nothing can go on then.
        precondition(made, "a digest is missing from the library")
        return result
    }
}
