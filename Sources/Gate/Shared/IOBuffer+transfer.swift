// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what loops do with their buffers; a span of a buffer lives for one call only.

internal import HTTPHead
internal import LinuxKit
internal import OpenSSLKit
internal import RDGateway
internal import WebSocketFrames

extension IOBuffer {
    /// Decrypts what has arrived to the front of the buffer.
    mutating func read(from line: ClientLine) -> TLSReadStep {
        var span = mutableBytes
        let step = line.tls.read(into: &span, from: 0)
        if case .bytes(let count, _) = step { reached(count) }
        return step
    }

    /// Reads from a socket to an offset.
    mutating func receive(from fd: Int32, at offset: Int, count: Int) -> Transfer {
        var span = mutableBytes
        let transfer = StreamSocket.receive(from: fd, into: &span, at: offset, count: count)
        if case .bytes(let count) = transfer { reached(offset + count) }
        return transfer
    }

    /// Reads from a socket around the places of headers, into the first `count` slots.
    mutating func receive(from fd: Int32, slots: DataSlots, count: Int) -> Transfer {
        var span = mutableBytes
        let transfer = StreamSocket.receiveIntoSlots(
            from: fd,
            into: &span,
            gap: slots.gap,
            payload: slots.payload,
            slots: count
        )
        if case .bytes(let count) = transfer { reached(slots.end(of: count)) }
        return transfer
    }

    /// The next frame in the buffer, unmasked where it lies.
    mutating func nextFrame(
        _ frames: inout FrameScanner,
        from offset: Int,
        to end: Int
    ) throws(FrameError) -> FrameEvent {
        var span = mutableBytes
        return try frames.next(in: &span, from: offset, to: end)
    }

    /// Writes a frame header that ends at `end` and returns where it begins.
    mutating func putFrameHeader(payloadCount: Int, endingAt end: Int) -> Int {
        let start = end - FrameHeader.length(payloadCount: payloadCount)
        var span = mutableBytes
        _ = FrameHeader.encode(.binary, payloadCount: payloadCount, into: &span, at: start)
        return start
    }

    /// Writes the header of a DATA packet.
    mutating func putDataHeader(payloadCount: Int, at offset: Int) {
        var span = mutableBytes
        _ = DataHeader.encode(payloadCount: payloadCount, into: &span, at: offset)
    }

    /// Writes a chunk header of fixed length.
    mutating func putChunkHeader(payloadCount: Int, at offset: Int) {
        var span = mutableBytes
        ChunkHeader.encodePadded(payloadCount: payloadCount, into: &span, at: offset)
    }

    /// Writes the end of a chunk and returns where the next one may begin.
    mutating func putChunkTrailer(at offset: Int) -> Int {
        var span = mutableBytes
        return offset + ChunkHeader.encodeTrailer(into: &span, at: offset)
    }

    /// Copies the front of the buffer.
    borrowing func copyFront(_ count: Int, to array: inout [UInt8]) {
        let span = bytes(in: 0..<count)
        unsafe span.withUnsafeBytes { part in unsafe array.append(contentsOf: part) }
    }
}
