// SPDX-License-Identifier: EUPL-1.2
// Torhaus: finds payload and control frames in a client's bytes.

internal import ByteCoding

/// What the next bytes of a client are.
package enum FrameEvent: Hashable, Sendable {
    /// Everything up to the end given was read; more is needed.
    case needMore
    /// Payload of a binary message lies here, unmasked; go on at its upper bound.
    ///
    /// The range is empty only for an empty last frame, which is told because it ends the message.
    case payload(Range<Int>, endOfMessage: Bool)
    /// A ping, pong or close frame; go on at `consumedTo`. A close payload was checked.
    case control(Opcode, payload: [UInt8], consumedTo: Int)
}

/// Reads the frames of one client, however its bytes are cut; a frame may come as several payloads.
///
/// After a close frame everything is passed over, as section 5.5.1 wants.
package struct FrameScanner: Sendable {
    private enum Stage: UInt8, Sendable {
        case first
        case second
        case length
        case mask
        case payload
        case closed
    }

    private var stage: Stage = .first
    private var opcode: Opcode = .continuation
    private var isFinal = false
    private var isInsideMessage = false
    /// Bytes of the length or the mask that are still to come.
    private var headerLeft: UInt8 = 0
    /// Bytes that the length was written in.
    private var lengthSize: UInt8 = 0
    /// The frame's length, then the payload bytes that are still to come.
    private var left: UInt64 = 0
    /// The mask, turned so that its lowest byte belongs to the next payload byte.
    private var mask: UInt32 = 0
    /// A control frame's payload so far; empty, and so without memory, for data frames.
    private var controlPayload: [UInt8] = []

    /// Starts at the first byte behind the handshake.
    package init() {}

    /// Whether a close frame was read.
    package var isClosed: Bool { stage == .closed }

    /// Reads from `offset` up to the next payload, control frame or `end`; call until it needs more.
    ///
    /// Payload is unmasked in `bytes`, so each byte may be given once only. Allocates for control frames only.
    /// After an error the scanner is of no further use.
    package mutating func next(
        in bytes: inout MutableRawSpan,
        from offset: Int,
        to end: Int
    ) throws(FrameError) -> FrameEvent {
        var position = offset
        while true {
            if stage == .payload {
                if let event = takePayload(in: &bytes, from: &position, to: end) {
                    return event
                }
                if opcode.isControl && left == 0 {
                    return try finishControl(consumedTo: position)
                }
            }
            guard position < end, stage != .closed else { return .needMore }
            guard stage != .payload else { continue }
            try takeHeader(bytes.byte(at: position))
            position += 1
        }
    }

    // MARK: Payload

    /// Takes what is there of the frame's payload; gives an event for data, nothing for control frames and for
    /// empty frames that end no message.
    private mutating func takePayload(
        in bytes: inout MutableRawSpan,
        from position: inout Int,
        to end: Int
    ) -> FrameEvent? {
        let start = position
        // The smaller of both fits into an Int, because the second does.
        let count = Int(Swift.min(left, UInt64(end - position)))
        position += count
        left -= UInt64(count)
        mask = Masking.apply(mask, to: start..<position, of: &bytes)
        if opcode.isControl {
            for offset in start..<position {
                controlPayload.append(bytes.byte(at: offset))
            }
            return nil
        }
        let endsMessage = isFinal && left == 0
        if left == 0 {
            stage = .first
        }
        guard 0 < count || endsMessage else { return nil }
        return .payload(start..<position, endOfMessage: endsMessage)
    }

    private mutating func finishControl(consumedTo position: Int) throws(FrameError) -> FrameEvent {
        let payload = controlPayload
        controlPayload = []
        stage = .first
        if opcode == .close {
            _ = try ClosePayload(payload)
            stage = .closed
        }
        return .control(opcode, payload: payload, consumedTo: position)
    }

    // MARK: Header

    private mutating func takeHeader(_ byte: UInt8) throws(FrameError) {
        switch stage {
        case .first: try takeFirst(byte)
        case .second: try takeSecond(byte)
        case .length: try takeLength(byte)
        case .mask: takeMask(byte)
        case .payload, .closed: preconditionFailure("payload is not taken byte by byte")
        }
    }

    private mutating func takeFirst(_ byte: UInt8) throws(FrameError) {
        guard byte & 0x70 == 0 else { throw .reservedBits }
        guard let opcode = Opcode(rawValue: byte & 0x0F) else { throw .reservedOpcode }
        isFinal = byte & 0x80 != 0
        switch opcode {
        case .close, .ping, .pong:
            guard isFinal else { throw .fragmentedControl }
        case .continuation:
            guard isInsideMessage else { throw .continuationWithoutStart }
            isInsideMessage = !isFinal
        case .text, .binary:
            guard !isInsideMessage else { throw .messageInsideMessage }
            guard opcode == .binary else { throw .textMessage }
            isInsideMessage = !isFinal
        }
        self.opcode = opcode
        stage = .second
    }

    private mutating func takeSecond(_ byte: UInt8) throws(FrameError) {
        guard byte & 0x80 != 0 else { throw .unmasked }
        left = 0
        switch byte & 0x7F {
        case 126: lengthSize = 2
        case 127: lengthSize = 8
        case let short:
            left = UInt64(short)
            expectMask()
            return
        }
        guard !opcode.isControl else { throw .controlTooLong }
        headerLeft = lengthSize
        stage = .length
    }

    private mutating func takeLength(_ byte: UInt8) throws(FrameError) {
        // At most eight bytes come here, so none is shifted out.
        left = left << 8 | UInt64(byte)
        headerLeft -= 1
        guard headerLeft == 0 else { return }
        guard (lengthSize == 2 ? 125 : 0xFFFF) < left else { throw .lengthNotMinimal }
        guard left <= UInt64(WebSocketLimits.payload) else { throw .frameTooLarge }
        expectMask()
    }

    private mutating func expectMask() {
        mask = 0
        headerLeft = 4
        stage = .mask
    }

    private mutating func takeMask(_ byte: UInt8) {
        mask = mask >> 8 | UInt32(byte) << 24
        headerLeft -= 1
        if headerLeft == 0 {
            stage = .payload
        }
    }
}
