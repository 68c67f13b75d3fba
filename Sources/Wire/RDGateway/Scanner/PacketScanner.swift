// SPDX-License-Identifier: EUPL-1.2
// Torhaus: finds packets in a stream that may be cut anywhere.

import ByteCoding

/// Cuts a stream into packets without holding more of it than one control packet.
///
/// Payload of DATA is not copied and nothing is allocated for it: the caller gets the place in its own
/// buffer. Clients cut as they like: a packet can be spread over chunks, TLS records and WebSocket messages,
/// and several can share one.
package struct PacketScanner: Sendable {
    /// Whether DATA is payload now.
    ///
    /// While it is not, a DATA packet comes out as a packet with an empty body, its payload is dropped, and
    /// the tunnel says what that means. Set it from `Tunnel.dataPassage` after each packet: it counts when a
    /// header is complete.
    package var allowsData: Bool

    private var phase = Phase.header
    /// Bytes of the field in work, little-endian, and how many of them are there.
    private var field: UInt64 = 0
    private var fieldCount = 0
    private var header = PacketHeader(type: 0, packetLength: 0)
    /// Bytes of payload or body that are still to come.
    private var remaining = 0
    private var body: [UInt8] = []
    private var failure: PacketError?

    private enum Phase: Sendable {
        case header
        case dataLength
        case payload
        case discard
        case body
    }

    /// A scanner at the beginning of a stream.
    package init(allowsData: Bool = false) { self.allowsData = allowsData }

    /// Takes the next step in `bytes[offset..<end]`, which must lie inside the span.
    ///
    /// After an error the stream has no meaning any more: every later call throws the same.
    package mutating func next(
        in bytes: RawSpan,
        from offset: Int,
        to end: Int
    ) throws(PacketError) -> ScanEvent {
        precondition(0 <= offset && offset <= end && end <= bytes.byteCount, "range outside of the span")
        if let failure { throw failure }
        var position = offset
        while true {
            switch phase {
            case .header:
                guard let bits = collect(PacketHeader.size, in: bytes, &position, end) else {
                    return .needMore
                }
                header = PacketHeader(littleEndianBits: bits)
                try begin()
                if phase == .discard { return packet([], position) }
            case .dataLength:
                guard let bits = collect(2, in: bytes, &position, end) else { return .needMore }
                try beginPayload(UInt16(truncatingIfNeeded: bits))
            case .payload:
                guard 0 < remaining else {
                    phase = .header
                    continue
                }
                let taken = take(&position, end)
                return taken.isEmpty ? .needMore : .dataPayload(taken)
            case .discard:
                _ = take(&position, end)
                guard remaining == 0 else { return .needMore }
                phase = .header
            case .body:
                append(bytes, take(&position, end))
                guard remaining == 0 else { return .needMore }
                phase = .header
                defer { body = [] }
                return packet(body, position)
            }
        }
    }

    // MARK: Private

    /// Decides by the header what follows it.
    private mutating func begin() throws(PacketError) {
        let isData = header.type == PacketType.data.rawValue
        let shortest = isData ? DataHeader.size : PacketHeader.size
        let longest = isData ? DataHeader.maximumPacket : PacketLimit.controlPacket
        guard let length = Int(exactly: header.packetLength), shortest <= length, length <= longest else {
            throw fail(.length(type: header.type, length: header.packetLength))
        }
        remaining = length - PacketHeader.size
        phase = isData ? (allowsData ? .dataLength : .discard) : .body
    }

    private mutating func beginPayload(_ count: UInt16) throws(PacketError) {
        guard remaining == 2 + Int(count) else {
            throw fail(.dataLength(packet: header.packetLength, payload: count))
        }
        remaining = Int(count)
        phase = .payload
    }

    /// A field of up to eight bytes as a little-endian number, nil while it is not complete.
    private mutating func collect(
        _ size: Int,
        in bytes: RawSpan,
        _ position: inout Int,
        _ end: Int
    ) -> UInt64? {
        if fieldCount == 0, size == PacketHeader.size, size <= end - position {
            defer { position += size }
            // Checked by `RawSpan`, and every pattern of bits is an integer.
            return unsafe bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self).littleEndian
        }
        while fieldCount < size {
            guard position < end else { return nil }
            field |= UInt64(bytes.byte(at: position)) << (8 * fieldCount)
            fieldCount += 1
            position += 1
        }
        defer {
            field = 0
            fieldCount = 0
        }
        return field
    }

    /// Takes what is there of the bytes that are still to come.
    private mutating func take(_ position: inout Int, _ end: Int) -> Range<Int> {
        let start = position
        position += min(remaining, end - start)
        remaining -= position - start
        return start..<position
    }

    /// The body grows with what really arrived, not with what the header promised.
    private mutating func append(_ bytes: RawSpan, _ range: Range<Int>) {
        body += bytes.copy(range)
    }

    private func packet(_ body: [UInt8], _ position: Int) -> ScanEvent {
        .packet(RawPacket(rawType: header.type, body: body), consumedTo: position)
    }

    private mutating func fail(_ error: PacketError) -> PacketError {
        failure = error
        return error
    }
}
