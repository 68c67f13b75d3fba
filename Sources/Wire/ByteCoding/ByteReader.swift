// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the cursor that all decoders read with.

/// A cursor over bytes from outside; a read that does not fit throws and leaves the position as it was.
///
/// Copying is cheap (the bytes are shared), so a copy serves as a bookmark.
package struct ByteReader: Sendable {
    private let storage: [UInt8]
    private let end: Int
    /// Index of the next unread byte in the bytes the outermost reader was made of.
    package private(set) var position: Int

    /// Reads all of `bytes`.
    package init(_ bytes: [UInt8]) {
        storage = bytes
        end = bytes.count
        position = 0
    }

    private init(storage: [UInt8], from position: Int, to end: Int) {
        self.storage = storage
        self.end = end
        self.position = position
    }

    /// How many bytes are unread.
    package var remaining: Int { end - position }

    /// Throws unless every byte was read.
    package func expectEnd() throws(DecodeError) {
        guard remaining == 0 else { throw .trailing(remaining) }
    }

    // MARK: Bytes

    /// The next `count` bytes, as an array of their own.
    package mutating func bytes(_ count: Int) throws(DecodeError) -> [UInt8] {
        let range = try take(count)
        return [UInt8](storage[range])
    }

    /// All unread bytes.
    package mutating func rest() -> [UInt8] {
        defer { position = end }
        return [UInt8](storage[position..<end])
    }

    /// Passes over `count` bytes.
    package mutating func skip(_ count: Int) throws(DecodeError) {
        _ = try take(count)
    }

    /// A reader that sees only the next `count` bytes; this one goes on behind them.
    package mutating func subReader(_ count: Int) throws(DecodeError) -> ByteReader {
        let range = try take(count)
        return ByteReader(storage: storage, from: range.lowerBound, to: range.upperBound)
    }

    // MARK: Integers

    /// One byte.
    package mutating func u8() throws(DecodeError) -> UInt8 {
        let range = try take(1)
        return storage[range.lowerBound]
    }

    /// Two bytes, the lowest first.
    package mutating func u16LE() throws(DecodeError) -> UInt16 { UInt16(littleEndian: try integer()) }

    /// Two bytes, the highest first.
    package mutating func u16BE() throws(DecodeError) -> UInt16 { UInt16(bigEndian: try integer()) }

    /// Four bytes, the lowest first.
    package mutating func u32LE() throws(DecodeError) -> UInt32 { UInt32(littleEndian: try integer()) }

    /// Four bytes, the highest first.
    package mutating func u32BE() throws(DecodeError) -> UInt32 { UInt32(bigEndian: try integer()) }

    /// Eight bytes, the lowest first.
    package mutating func u64LE() throws(DecodeError) -> UInt64 { UInt64(littleEndian: try integer()) }

    /// Eight bytes, the highest first.
    package mutating func u64BE() throws(DecodeError) -> UInt64 { UInt64(bigEndian: try integer()) }

    // MARK: Private

    /// The integer as it lies in memory; the caller turns it.
    private mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>() throws(DecodeError) -> Value {
        let range = try take(MemoryLayout<Value>.size)
        // Checked by `RawSpan`, and every pattern of bits is an integer.
        return unsafe storage.span.bytes.unsafeLoadUnaligned(fromByteOffset: range.lowerBound, as: Value.self)
    }

    private mutating func take(_ count: Int) throws(DecodeError) -> Range<Int> {
        guard 0 <= count, count <= remaining else {
            throw .truncated(needed: count, available: remaining)
        }
        let start = position
        position = start + count
        return start..<position
    }
}
