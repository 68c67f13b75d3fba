// SPDX-License-Identifier: EUPL-1.2
// Torhaus: where the desktop's bytes are read to, so that headers fit in front of them without a copy.

internal import LinuxKit
internal import RDGateway
internal import WebSocketFrames

/// Slots of 32 KiB, headers included: two full TLS records each, and within what clients take in one packet.
struct DataSlots {
    /// Slots in one read.
    static let count = 8
    private static let size = 32_768
    /// Frames of up to 125 bytes have a header of 2 bytes, longer ones of 4 (RFC 6455, 5.2).
    private static let frameHeader = 4
    private static let shortFrameHeader = 2
    private static let longestShortFrame = 125

    let gap: Int
    private let isFramed: Bool

    init(_ transport: NativeTunnel.Transport) {
        isFramed = transport == .webSocket
        gap = (isFramed ? Self.frameHeader : 0) + DataHeader.size
    }

    var payload: Int { Self.size - gap }

    /// Writes the headers for `count` payload bytes and returns what to send.
    func frame(_ count: Int, in buffer: inout IOBuffer) -> Range<Int> {
        var left = count
        var slot = 0
        var end = 0
        var start = 0
        while 0 < left {
            let part = min(left, payload)
            let base = slot * Self.size
            let skipped = header(part, at: base, in: &buffer)
            if slot == 0 {
                start = base + skipped
            } else if 0 < skipped {
                // Only the last, short frame begins later than its slot: close the hole.
                _ = buffer.move(base + skipped..<base + gap + part, to: base)
                return start..<base + gap + part - skipped
            }
            end = base + gap + part
            left -= part
            slot += 1
        }
        return start..<end
    }

    /// Returns how many bytes at the front of the slot stay unused.
    private func header(_ part: Int, at base: Int, in buffer: inout IOBuffer) -> Int {
        var bytes = buffer.mutableBytes
        guard isFramed else {
            _ = DataHeader.encode(payloadCount: part, into: &bytes, at: base)
            return 0
        }
        let packet = DataHeader.size + part
        let skipped = packet <= Self.longestShortFrame ? Self.frameHeader - Self.shortFrameHeader : 0
        let start = base + skipped
        let length = FrameHeader.encode(.binary, payloadCount: packet, into: &bytes, at: start)
        _ = DataHeader.encode(payloadCount: part, into: &bytes, at: start + length)
        return skipped
    }
}
