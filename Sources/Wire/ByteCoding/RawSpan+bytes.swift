// SPDX-License-Identifier: EUPL-1.2
// Torhaus: single bytes of buffers that are read and changed in place.

extension RawSpan {
    /// The byte at `offset`; traps outside of the span.
    @inlinable
    package func byte(at offset: Int) -> UInt8 {
        // The load checks its bounds, and every pattern of bits is a UInt8.
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// A copy of the bytes in `range`; traps outside of the span.
    package func copy(_ range: Range<Int>) -> [UInt8] {
        var copy: [UInt8] = []
        copy.reserveCapacity(range.count)
        for offset in range {
            copy.append(byte(at: offset))
        }
        return copy
    }
}

extension MutableRawSpan {
    /// The byte at `offset`; traps outside of the span.
    @inlinable
    package func byte(at offset: Int) -> UInt8 {
        // The load checks its bounds, and every pattern of bits is a UInt8.
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }
}

extension [UInt8] {
    /// The array's bytes, for decoders that read in place.
    package var rawSpan: RawSpan {
        @_lifetime(borrow self)
        borrowing get {
            let elements = self.span
            // Any UInt8 is a byte; `bytes` is unsafe only for elements with padding.
            return unsafe _overrideLifetime(elements.bytes, borrowing: self)
        }
    }
}
