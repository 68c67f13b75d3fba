// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the builder that all encoders write with.

/// Builds a byte string from its front to its end; lengths that are known late are patched.
package struct ByteWriter: Sendable {
    /// Everything written so far.
    package private(set) var written: [UInt8]

    /// Starts empty, with room for `capacity` bytes.
    package init(capacity: Int = 64) {
        written = []
        written.reserveCapacity(capacity)
    }

    /// How many bytes are written: the offset of the next one.
    package var count: Int { written.count }

    // MARK: Bytes

    /// Appends `bytes` as they are.
    package mutating func bytes(_ bytes: some Sequence<UInt8>) {
        written.append(contentsOf: bytes)
    }

    /// The same for an array, which is what nearly all callers have, without a generic call.
    package mutating func bytes(_ bytes: [UInt8]) {
        written += bytes
    }

    /// Appends `count` zero bytes.
    package mutating func zeros(_ count: Int) {
        written += [UInt8](repeating: 0, count: count)
    }

    /// Appends the text as UTF-8, without a length.
    package mutating func utf8(_ text: String) {
        written.append(contentsOf: text.utf8)
    }

    /// Appends the text as UTF-16LE, without a length and without a final NUL.
    package mutating func utf16LE(_ text: String) {
        for unit in text.utf16 {
            u16LE(unit)
        }
    }

    /// Appends a u16 little-endian length and the bytes; throws and writes nothing when they exceed the limit.
    package mutating func bytesU16LE(_ bytes: [UInt8], limit: Int) throws(DecodeError) {
        guard bytes.count <= limit, let length = UInt16(exactly: bytes.count) else {
            throw .oversize(length: bytes.count, limit: Swift.min(limit, Int(UInt16.max)))
        }
        u16LE(length)
        self.bytes(bytes)
    }

    /// Appends a u16 little-endian length in bytes and the text as UTF-8; throws when it exceeds the limit.
    package mutating func utf8U16LE(_ text: String, limit: Int) throws(DecodeError) {
        try bytesU16LE([UInt8](text.utf8), limit: limit)
    }

    // MARK: Integers

    /// Appends one byte.
    package mutating func u8(_ value: UInt8) { written.append(value) }

    /// Appends two bytes, the lowest first.
    package mutating func u16LE(_ value: UInt16) { integer(value.littleEndian) }

    /// Appends two bytes, the highest first.
    package mutating func u16BE(_ value: UInt16) { integer(value.bigEndian) }

    /// Appends four bytes, the lowest first.
    package mutating func u32LE(_ value: UInt32) { integer(value.littleEndian) }

    /// Appends four bytes, the highest first.
    package mutating func u32BE(_ value: UInt32) { integer(value.bigEndian) }

    /// Appends eight bytes, the lowest first.
    package mutating func u64LE(_ value: UInt64) { integer(value.littleEndian) }

    /// Appends eight bytes, the highest first.
    package mutating func u64BE(_ value: UInt64) { integer(value.bigEndian) }

    // MARK: Patching

    /// Overwrites two bytes written before; `offset` is our own, so a wrong one traps.
    package mutating func patchU16LE(_ value: UInt16, at offset: Int) {
        patch(value.littleEndian, at: offset)
    }

    /// Overwrites two bytes written before, the highest first.
    package mutating func patchU16BE(_ value: UInt16, at offset: Int) { patch(value.bigEndian, at: offset) }

    /// Overwrites four bytes written before; `offset` is our own, so a wrong one traps.
    package mutating func patchU32LE(_ value: UInt32, at offset: Int) {
        patch(value.littleEndian, at: offset)
    }

    // MARK: Private

    private mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value) {
        // Not by way of an array of zeros: that would be an allocation for each number.
        unsafe withUnsafeBytes(of: value) { bytes in unsafe written.append(contentsOf: bytes) }
    }

    private mutating func patch<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value, at offset: Int) {
        precondition(
            0 <= offset && offset <= written.count - MemoryLayout<Value>.size,
            "patch outside of what is written"
        )
        var elements = written.mutableSpan
        // Any bytes are UInt8s, so nothing that is written through the raw view can be a wrong element.
        var raw = unsafe elements.mutableBytes
        raw.storeBytes(of: value, toByteOffset: offset, as: Value.self)
    }
}
