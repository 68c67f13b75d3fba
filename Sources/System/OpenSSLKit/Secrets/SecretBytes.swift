// SPDX-License-Identifier: EUPL-1.2
// Torhaus: bytes that are overwritten before their memory is given back.

internal import COpenSSL

/// A fixed number of secret bytes with one owner, zeroed when the owner goes away.
@safe
package struct SecretBytes: ~Copyable, @unchecked Sendable {
    // Unchecked: the pointer has this value as its only owner, and moves with it.

    private let base: UnsafeMutableRawPointer

    /// How many bytes there are.
    package let count: Int

    /// Zeroes.
    package init(count: Int) {
        precondition(0 <= count, "negative count")
        let room = max(count, 1)
        unsafe base = UnsafeMutableRawPointer.allocate(byteCount: room, alignment: 16)
        _ = unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: room)
        self.count = count
    }

    /// A copy; the caller zeroes its own.
    package init(copying bytes: RawSpan) {
        self.init(count: bytes.byteCount)
        let target = unsafe base
        unsafe bytes.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            unsafe target.copyMemory(from: start, byteCount: source.count)
        }
    }

    /// A copy of an array; the caller zeroes its own.
    package init(copying bytes: [UInt8]) { unsafe self.init(copying: bytes.span.bytes) }

    deinit {
        unsafe OPENSSL_cleanse(base, count)
        unsafe base.deallocate()
    }

    /// The bytes, as long as the owner lives.
    package var bytes: RawSpan {
        @_lifetime(borrow self)
        borrowing get {
            let span = unsafe RawSpan(_unsafeStart: base, byteCount: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// A copy that is no longer zeroed for anybody: for handing to an interface that wants an array.
    package borrowing func copy() -> [UInt8] {
        unsafe bytes.withUnsafeBytes { unsafe Array($0) }
    }

    /// The bytes, for filling in.
    package var mutableBytes: MutableRawSpan {
        @_lifetime(&self)
        mutating get {
            let span = unsafe MutableRawSpan(_unsafeStart: base, byteCount: count)
            return unsafe _overrideLifetime(span, mutating: &self)
        }
    }
}

/// Compares without telling by the time it takes where the difference is; lengths are not secret.
package func constantTimeEqual(_ left: RawSpan, _ right: RawSpan) -> Bool {
    guard left.byteCount == right.byteCount else { return false }
    return unsafe left.withUnsafeBytes { a in
        unsafe right.withUnsafeBytes { b in
            guard let first = a.baseAddress, let second = b.baseAddress else { return true }
            return unsafe CRYPTO_memcmp(first, second, a.count) == 0
        }
    }
}

/// Compares two arrays in constant time; lengths are not secret.
package func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    unsafe constantTimeEqual(left.span.bytes, right.span.bytes)
}
