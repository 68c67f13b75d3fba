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
        for place in 0..<digits {
            let digit = payloadCount >> (4 * (digits - 1 - place)) & 0x0F
            bytes.storeBytes(of: hexDigits[digit], toByteOffset: offset + place, as: UInt8.self)
        }
        bytes.storeBytes(of: HTTPCharacters.carriageReturn, toByteOffset: offset + digits, as: UInt8.self)
        bytes.storeBytes(of: HTTPCharacters.lineFeed, toByteOffset: offset + digits + 1, as: UInt8.self)
        return digits + 2
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
