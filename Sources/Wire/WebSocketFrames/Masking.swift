// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the mask of RFC 6455 section 5.3, applied in place.

internal import ByteCoding

/// Masks and unmasks; both are the same.
enum Masking {
    /// XORs the bytes of `range` with the mask, and gives the mask as the byte behind the range needs it.
    ///
    /// The lowest byte of `mask` belongs to the first byte of the range.
    static func apply(_ mask: UInt32, to range: Range<Int>, of bytes: inout MutableRawSpan) -> UInt32 {
        let wide = (UInt64(mask) << 32 | UInt64(mask)).littleEndian
        let widest = SIMD4<UInt64>(repeating: wide)
        var offset = range.lowerBound
        while 32 <= range.upperBound - offset {
            // The load checks its bounds, and every pattern of bits is four UInt64s.
            let words = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: SIMD4<UInt64>.self)
            bytes.storeBytes(of: words ^ widest, toByteOffset: offset, as: SIMD4<UInt64>.self)
            offset += 32
        }
        while 8 <= range.upperBound - offset {
            // The load checks its bounds, and every pattern of bits is a UInt64.
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            bytes.storeBytes(of: word ^ wide, toByteOffset: offset, as: UInt64.self)
            offset += 8
        }
        // Eight is a multiple of four, so the mask stands as at the start here.
        var turned = mask
        while offset < range.upperBound {
            let byte = bytes.byte(at: offset) ^ UInt8(truncatingIfNeeded: turned)
            bytes.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
            turned = turned >> 8 | turned << 24
            offset += 1
        }
        return turned
    }
}
