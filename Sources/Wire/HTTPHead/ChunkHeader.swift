// SPDX-License-Identifier: EUPL-1.2
// Torhaus: writes the frame of a chunk around a payload.

/// The line before a chunk's payload, and what follows it.
package enum ChunkHeader {
    /// The longest header: the digits of the largest chunk, CR and LF.
    package static let longest = HTTPLimits.chunkDigits + 2
    /// Follows each payload.
    package static let trailer: [UInt8] = [HTTPCharacters.carriageReturn, HTTPCharacters.lineFeed]
    /// The end of the body: the last chunk, and no trailer fields.
    package static let lastChunk: [UInt8] = Array("0\r\n\r\n".utf8)

    /// Digits of a padded header: enough for the longest MS-TSGU packet, 65,545 bytes.
    private static let paddedDigits = 5
    /// The length of every padded header: its digits, CR and LF.
    package static let paddedLength = paddedDigits + 2

    private static let hexDigits = Array("0123456789abcdef".utf8)

    /// Writes the header at `offset` and gives its length.
    ///
    /// A payload has 1 to `HTTPLimits.chunk` bytes; others trap, because an empty chunk would end the body.
    package static func encode(payloadCount: Int, into bytes: inout MutableRawSpan, at offset: Int) -> Int {
        precondition(
            1 <= payloadCount && payloadCount <= HTTPLimits.chunk,
            "a chunk has a payload within the limit"
        )
        let digits = (Int.bitWidth - payloadCount.leadingZeroBitCount + 3) / 4
        return write(payloadCount, digits: digits, into: &bytes, at: offset)
    }

    /// Writes a header of `paddedLength` bytes at `offset`, filled up with zeros in front (RFC 9112, 7.1 allows them).
    ///
    /// For places that are kept free before the payload's size is known. A payload has 1 to 1,048,575 bytes; others
    /// trap.
    package static func encodePadded(payloadCount: Int, into bytes: inout MutableRawSpan, at offset: Int) {
        precondition(
            1 <= payloadCount && payloadCount < 1 << (4 * paddedDigits),
            "a padded chunk has a payload that its digits can tell"
        )
        _ = write(payloadCount, digits: paddedDigits, into: &bytes, at: offset)
    }

    /// Writes what follows a payload at `offset` and gives its length.
    package static func encodeTrailer(into bytes: inout MutableRawSpan, at offset: Int) -> Int {
        bytes.storeBytes(of: HTTPCharacters.carriageReturn, toByteOffset: offset, as: UInt8.self)
        bytes.storeBytes(of: HTTPCharacters.lineFeed, toByteOffset: offset + 1, as: UInt8.self)
        return trailer.count
    }

    private static func write(
        _ payloadCount: Int,
        digits: Int,
        into bytes: inout MutableRawSpan,
        at offset: Int
    ) -> Int {
        for place in 0..<digits {
            let digit = payloadCount >> (4 * (digits - 1 - place)) & 0x0F
            bytes.storeBytes(of: hexDigits[digit], toByteOffset: offset + place, as: UInt8.self)
        }
        return digits + encodeTrailer(into: &bytes, at: offset + digits)
    }

    /// The header as an array.
    package static func encoded(payloadCount: Int) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: longest)
        var elements = header.mutableSpan
        // Any bytes are UInt8s, so nothing that is written through the raw view can be a wrong element.
        var raw = unsafe elements.mutableBytes
        let count = encode(payloadCount: payloadCount, into: &raw, at: 0)
        return Array(header.prefix(count))
    }
}
