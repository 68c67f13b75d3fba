// SPDX-License-Identifier: EUPL-1.2
// Torhaus: byte strings and texts with a length before them.

extension ByteReader {
    /// `count` bytes of UTF-8, refused when they are not.
    package mutating func utf8(_ count: Int, limit: Int) throws(DecodeError) -> String {
        let raw = try limited(count, limit)
        guard let text = String(validating: raw, as: UTF8.self) else { throw .invalid(field: "utf8") }
        return text
    }

    /// `byteCount` bytes of UTF-16LE, refused when the count is odd or a surrogate has no partner.
    package mutating func utf16LE(_ byteCount: Int, limit: Int) throws(DecodeError) -> String {
        guard byteCount.isMultiple(of: 2) else { throw .invalid(field: "utf16") }
        let raw = try limited(byteCount, limit)
        var units: [UInt16] = []
        units.reserveCapacity(byteCount / 2)
        var reader = ByteReader(raw)
        while 0 < reader.remaining {
            units.append(try reader.u16LE())
        }
        guard let text = String(validating: units, as: UTF16.self) else { throw .invalid(field: "utf16") }
        return text
    }

    /// A byte string behind its u16 little-endian length.
    package mutating func bytesU16LE(limit: Int) throws(DecodeError) -> [UInt8] {
        let count = Int(try u16LE())
        return try limited(count, limit)
    }

    /// A UTF-8 text behind its u16 little-endian length in bytes.
    package mutating func utf8U16LE(limit: Int) throws(DecodeError) -> String {
        let count = Int(try u16LE())
        return try utf8(count, limit: limit)
    }

    private mutating func limited(_ count: Int, _ limit: Int) throws(DecodeError) -> [UInt8] {
        guard count <= limit else { throw .oversize(length: count, limit: limit) }
        return try bytes(count)
    }
}
