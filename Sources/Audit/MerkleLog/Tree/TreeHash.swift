// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one SHA-256 value of the tree, without an allocation of its own.

internal import ByteCoding

/// 32 bytes.
package struct TreeHash: Hashable, Sendable {
    /// SHA-256.
    package static let byteCount = 32

    // As they lie in memory: only compared, hashed and copied.
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    /// The 32 bytes from `offset` on; traps when the span ends before, so the caller has checked.
    package init(_ bytes: RawSpan, at offset: Int = 0) {
        // The loads check their bounds, and every pattern of bits is an integer.
        first = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
        second = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)
        third = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset + 16, as: UInt64.self)
        fourth = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset + 24, as: UInt64.self)
    }

    /// Nil unless there are exactly 32 bytes.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.init(bytes.rawSpan)
    }

    /// Nil unless the text is the base64 of 32 bytes.
    package init?(base64 text: some Collection<UInt8>) {
        guard let bytes = Base64.decode(text) else { return nil }
        self.init(bytes)
    }

    /// The 32 bytes, as an array of their own.
    package var bytes: [UInt8] {
        var array = [UInt8](repeating: 0, count: Self.byteCount)
        var span = array.mutableSpan
        var raw = unsafe span.mutableBytes
        store(to: &raw, at: 0)
        return array
    }

    /// Padded base64.
    package var base64: String { Base64.encode(bytes) }

    /// Writes the 32 bytes; traps when they do not fit.
    func store(to bytes: inout MutableRawSpan, at offset: Int) {
        bytes.storeBytes(of: first, toByteOffset: offset, as: UInt64.self)
        bytes.storeBytes(of: second, toByteOffset: offset + 8, as: UInt64.self)
        bytes.storeBytes(of: third, toByteOffset: offset + 16, as: UInt64.self)
        bytes.storeBytes(of: fourth, toByteOffset: offset + 24, as: UInt64.self)
    }
}
