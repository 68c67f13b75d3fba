// SPDX-License-Identifier: EUPL-1.2
// Torhaus: finds the payload in a chunked body (RFC 9112 section 7.1) without copying it.

internal import ByteCoding

/// Why a chunked body cannot be read; the connection is closed.
package enum ChunkError: Error, Hashable, Sendable {
    /// The size has no digit, or a character that is none.
    case malformedSize
    /// The size is above `HTTPLimits.chunk`, or has too many digits.
    case tooLarge
    /// Something stands between the size and the end of its line; nobody needs it, smugglers use it.
    case extensionRefused
    /// A line or a payload does not end with CRLF.
    case malformedLineEnd
    /// Fields follow the last chunk.
    case trailerRefused
}

/// What the next bytes of a chunked body are.
package enum ChunkEvent: Hashable, Sendable {
    /// Everything up to `consumedTo`, which is the end given, was read; more is needed.
    case needMore(consumedTo: Int)
    /// Payload lies here, never empty; go on at its upper bound.
    case payload(Range<Int>)
    /// The body ended; what follows `consumedTo` is not part of it.
    case end(consumedTo: Int)
}

/// Reads one chunked body, however it is cut; a chunk may come as several payloads.
package struct ChunkedDecoder: Sendable {
    private enum State: UInt8, Sendable {
        case sizeStart
        case size
        case sizeLineFeed
        case payload
        case payloadReturn
        case payloadLineFeed
        case endReturn
        case endLineFeed
        case ended
    }

    private var state: State = .sizeStart
    /// The size so far, then the payload bytes that are still to come.
    private var left = 0
    private var digits = 0

    /// Starts at the first chunk.
    package init() {}

    /// Reads from `offset` up to the next payload, the end of the body or `end`; call until it needs more.
    ///
    /// Allocates nothing. After an error the decoder is of no further use.
    package mutating func next(
        in bytes: RawSpan,
        from offset: Int,
        to end: Int
    ) throws(ChunkError) -> ChunkEvent {
        var position = offset
        while state != .ended {
            guard position < end else { return .needMore(consumedTo: position) }
            if state == .payload {
                let count = Swift.min(left, end - position)
                left -= count
                if left == 0 {
                    state = .payloadReturn
                }
                return .payload(position..<(position + count))
            }
            try take(bytes.byte(at: position))
            position += 1
        }
        return .end(consumedTo: position)
    }

    /// One byte that is not payload.
    private mutating func take(_ byte: UInt8) throws(ChunkError) {
        switch state {
        case .sizeStart, .size:
            try takeSize(byte)
        case .sizeLineFeed:
            try expect(byte, HTTPCharacters.lineFeed, orThrow: .malformedLineEnd)
            state = left == 0 ? .endReturn : .payload
        case .payloadReturn:
            try expect(byte, HTTPCharacters.carriageReturn, orThrow: .malformedLineEnd)
            state = .payloadLineFeed
        case .payloadLineFeed:
            try expect(byte, HTTPCharacters.lineFeed, orThrow: .malformedLineEnd)
            state = .sizeStart
        case .endReturn:
            try expect(byte, HTTPCharacters.carriageReturn, orThrow: .trailerRefused)
            state = .endLineFeed
        case .endLineFeed:
            try expect(byte, HTTPCharacters.lineFeed, orThrow: .malformedLineEnd)
            state = .ended
        case .payload, .ended:
            preconditionFailure("payload is not taken byte by byte")
        }
    }

    private mutating func takeSize(_ byte: UInt8) throws(ChunkError) {
        guard let digit = Self.hexValue(byte) else {
            guard state == .size else { throw .malformedSize }
            switch byte {
            case HTTPCharacters.carriageReturn: state = .sizeLineFeed
            case HTTPCharacters.lineFeed: throw .malformedLineEnd
            case UInt8(ascii: ";"), HTTPCharacters.space, HTTPCharacters.tab: throw .extensionRefused
            default: throw .malformedSize
            }
            return
        }
        if state == .sizeStart {
            state = .size
            left = 0
            digits = 0
        }
        digits += 1
        // Eight digits stay far below Int.max, so the size itself can be compared afterwards.
        guard digits <= HTTPLimits.chunkDigits else { throw .tooLarge }
        left = left << 4 | digit
        guard left <= HTTPLimits.chunk else { throw .tooLarge }
    }

    private func expect(_ byte: UInt8, _ wanted: UInt8, orThrow error: ChunkError) throws(ChunkError) {
        guard byte == wanted else { throw error }
    }

    private static func hexValue(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }
}
