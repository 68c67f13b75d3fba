// SPDX-License-Identifier: EUPL-1.2
// Torhaus: where the desktop's bytes are read to, so that headers fit in front of them without a copy.

internal import HTTPHead
internal import LinuxKit
internal import RDGateway

/// Slots of just under 32 KiB, headers included: within what clients take in one packet, and together one batch.
struct DataSlots {
    /// Slots in one read.
    static let count = 8
    private static let size = GateLimits.batchBytes / count
    /// Frames of up to 125 bytes have a header of 2 bytes, longer ones of 4 (RFC 6455, 5.2).
    private static let frameHeader = 4

    /// Bytes in front of each payload.
    let gap: Int
    private let transport: NativeTunnel.Transport

    init(_ transport: NativeTunnel.Transport) {
        self.transport = transport
        let framing =
            switch transport {
            case .webSocket: Self.frameHeader
            case .legacy: 0
            // The end of the chunk before lies in the gap too, so that nothing stands behind a payload.
            case .legacyChunked: ChunkHeader.trailer.count + ChunkHeader.paddedLength
            }
        gap = framing + DataHeader.size
    }

    var payload: Int { Self.size - gap }

    /// Where `count` payload bytes end, read into the slots one after the other.
    func end(of count: Int) -> Int { count + gap * ((count + payload - 1) / payload) }

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
            } else if 0 < skipped && transport == .webSocket {
                // Only the last, short frame begins later than its slot: close the hole.
                _ = buffer.move(base + skipped..<base + gap + part, to: base)
                return start..<base + gap + part - skipped
            }
            end = base + gap + part
            left -= part
            slot += 1
        }
        return start..<(transport == .legacyChunked ? buffer.putChunkTrailer(at: end) : end)
    }

    /// Returns how many bytes at the front of the slot stay unused.
    private func header(_ part: Int, at base: Int, in buffer: inout IOBuffer) -> Int {
        let packet = base + gap - DataHeader.size
        buffer.putDataHeader(payloadCount: part, at: packet)
        switch transport {
        case .legacy:
            return 0
        case .legacyChunked:
            let start = 0 < base ? buffer.putChunkTrailer(at: base) : base + ChunkHeader.trailer.count
            buffer.putChunkHeader(payloadCount: DataHeader.size + part, at: start)
            return ChunkHeader.trailer.count
        case .webSocket:
            return buffer.putFrameHeader(payloadCount: DataHeader.size + part, endingAt: packet) - base
        }
    }
}
