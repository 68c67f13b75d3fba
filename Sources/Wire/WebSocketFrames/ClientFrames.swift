// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a client's side of the frames, for the oracle, for tests and for benchmarks.

internal import ByteCoding

/// Writes masked frames and collects what a scanner makes of bytes.
package enum ClientFrames {
    /// One frame as a client writes it; the length is written in the shortest way.
    package static func frame(
        _ opcode: Opcode,
        _ payload: [UInt8],
        final: Bool = true,
        mask: UInt32 = 0x3D21_FA37
    ) -> [UInt8] {
        var writer = ByteWriter(capacity: payload.count + 14)
        writer.u8((final ? 0x80 : 0x00) | opcode.rawValue)
        switch payload.count {
        case ...125:
            writer.u8(0x80 | UInt8(payload.count))
        case ...0xFFFF:
            writer.u8(0x80 | 126)
            writer.u16BE(UInt16(payload.count))
        default:
            writer.u8(0x80 | 127)
            writer.u64BE(UInt64(payload.count))
        }
        writer.u32LE(mask)
        writer.bytes(
            payload.enumerated().map { index, byte in
                byte ^ UInt8(truncatingIfNeeded: mask >> UInt32(8 * (index % 4)))
            }
        )
        return writer.written
    }
}

/// All that a scanner gives for some bytes.
package struct ScannedFrames: Hashable, Sendable {
    /// A control frame.
    package struct Control: Hashable, Sendable {
        /// Ping, pong or close.
        package var opcode: Opcode
        /// Unmasked.
        package var payload: [UInt8]

        /// Takes every field as it is.
        package init(opcode: Opcode, payload: [UInt8]) {
            self.opcode = opcode
            self.payload = payload
        }
    }

    /// Whole messages, then the bytes of one that did not end.
    package var messages: [[UInt8]] = []
    /// Bytes of a message that did not end.
    package var unfinished: [UInt8] = []
    /// In order, each apart from the messages.
    package var controls: [Control] = []
    /// What was at fault.
    package var error: FrameError?

    /// Feeds `input` in pieces that end at `cuts`.
    package init(_ input: [UInt8], cuts: [Int]) {
        var bytes = input
        var scanner = FrameScanner()
        var position = 0
        do throws(FrameError) {
            for cut in cuts {
                while let consumed = try take(&scanner, &bytes, from: position, to: cut) {
                    position = consumed
                }
                position = cut
            }
        } catch {
            self.error = error
        }
    }

    /// One event; nil when more is needed.
    private mutating func take(
        _ scanner: inout FrameScanner,
        _ bytes: inout [UInt8],
        from position: Int,
        to end: Int
    ) throws(FrameError) -> Int? {
        var elements = bytes.mutableSpan
        // Any bytes are UInt8s, so nothing that is written through the raw view can be a wrong element.
        var raw = unsafe elements.mutableBytes
        switch try scanner.next(in: &raw, from: position, to: end) {
        case .needMore:
            return nil
        case .payload(let range, let endOfMessage):
            precondition(position <= range.lowerBound && range.upperBound <= end, "payload lies elsewhere")
            unfinished += bytes[range]
            if endOfMessage {
                messages.append(unfinished)
                unfinished = []
            }
            return range.upperBound
        case .control(let opcode, let payload, let consumed):
            precondition(position <= consumed && consumed <= end, "a control frame ends elsewhere")
            controls.append(Control(opcode: opcode, payload: payload))
            return consumed
        }
    }
}
