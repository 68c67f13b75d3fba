// SPDX-License-Identifier: EUPL-1.2
// Torhaus: writes a server's frames: unmasked, never fragmented.

internal import ByteCoding

/// The bytes before a frame's payload.
package enum FrameHeader {
    /// The longest header: two bytes and a length of eight.
    package static let longest = 2 + 8

    /// Bytes of the header before a payload of this size.
    package static func length(payloadCount: Int) -> Int {
        switch payloadCount {
        case ...125: 2
        case ...0xFFFF: 2 + 2
        default: 2 + 8
        }
    }

    /// Writes the header at `offset` and gives its length; the payload's size is our own, so a wrong one traps.
    package static func encode(
        _ opcode: Opcode,
        payloadCount: Int,
        into bytes: inout MutableRawSpan,
        at offset: Int
    ) -> Int {
        precondition(
            0 <= payloadCount && (!opcode.isControl || payloadCount <= WebSocketLimits.control),
            "a control frame has a short payload"
        )
        bytes.storeBytes(of: 0x80 | opcode.rawValue, toByteOffset: offset, as: UInt8.self)
        let length = length(payloadCount: payloadCount)
        let short: UInt8 = length == 2 ? UInt8(payloadCount) : length == 4 ? 126 : 127
        bytes.storeBytes(of: short, toByteOffset: offset + 1, as: UInt8.self)
        if length == 4 {
            bytes.storeBytes(of: UInt16(payloadCount).bigEndian, toByteOffset: offset + 2, as: UInt16.self)
        } else if length == 10 {
            bytes.storeBytes(of: UInt64(payloadCount).bigEndian, toByteOffset: offset + 2, as: UInt64.self)
        }
        return length
    }

    /// The header as an array.
    package static func encoded(_ opcode: Opcode, payloadCount: Int) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: longest)
        var elements = header.mutableSpan
        // Any bytes are UInt8s, so nothing that is written through the raw view can be a wrong element.
        var raw = unsafe elements.mutableBytes
        let count = encode(opcode, payloadCount: payloadCount, into: &raw, at: 0)
        return Array(header.prefix(count))
    }

    // MARK: Control frames

    /// A whole ping; at most 125 bytes of payload.
    package static func ping(_ payload: [UInt8] = []) -> [UInt8] {
        encoded(.ping, payloadCount: payload.count) + payload
    }

    /// A whole pong that answers a ping with this payload.
    package static func pong(_ payload: [UInt8]) -> [UInt8] {
        encoded(.pong, payloadCount: payload.count) + payload
    }

    /// A whole close frame; the reason is cut to whole letters within `WebSocketLimits.closeReason`.
    package static func close(_ code: CloseCode, reason: String = "") -> [UInt8] {
        var text = ""
        for letter in reason.unicodeScalars {
            guard text.utf8.count + UTF8.width(letter) <= WebSocketLimits.closeReason else { break }
            text.unicodeScalars.append(letter)
        }
        var payload = ByteWriter(capacity: WebSocketLimits.control)
        payload.u16BE(code.rawValue)
        payload.utf8(text)
        return encoded(.close, payloadCount: payload.count) + payload.written
    }

    /// The answer to a client's close frame: its code again, or none when it had none (section 5.5.1).
    package static func closeEcho(_ payload: ClosePayload) -> [UInt8] {
        var echo = ByteWriter()
        if let code = payload.code {
            echo.u16BE(code)
        }
        return encoded(.close, payloadCount: echo.count) + echo.written
    }
}
