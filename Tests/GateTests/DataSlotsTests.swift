// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the framed outbox says is what the desktop sent.

import HTTPHead
import LinuxKit
import RDGateway
import Testing
import WebSocketFrames

@testable import Gate

@Suite("Framing of the desktop's bytes in place")
struct DataSlotsTests {
    static let counts = [1, 114, 115, 116, 5_000, 32_498, 32_499, 32_544, 64_996, 64_997, 65_111, 8 * 32_498]

    /// Lays payload into the slots as a read would, and returns the framed bytes.
    private func frame(_ payload: [UInt8], _ transport: NativeTunnel.Transport) -> [UInt8] {
        let slots = DataSlots(transport)
        var buffer = IOBuffer(capacity: GateLimits.batchBytes + GateLimits.framingBytes)
        var rest = payload[...]
        var base = 0
        while !rest.isEmpty {
            let part = Array(rest.prefix(slots.payload))
            rest = rest.dropFirst(slots.payload)
            let fits = buffer.write(part.span.bytes, at: base + slots.gap)
            #expect(fits)
            base += slots.gap + slots.payload
        }
        // The buffer must be wiped as far as the payload reaches, and need not be further.
        #expect(slots.end(of: payload.count) == buffer.reach)
        let range = slots.frame(payload.count, in: &buffer)
        var result: [UInt8] = []
        let span = buffer.bytes(in: range)
        span.withUnsafeBytes { result.append(contentsOf: $0) }
        return result
    }

    @Test("every size arrives whole in one packet a message", arguments: counts)
    func webSocket(_ count: Int) throws {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var bytes = frame(payload, .webSocket)[...]
        var received: [UInt8] = []
        while !bytes.isEmpty {
            #expect(bytes.removeFirst() == 0x82, "a whole, binary message")
            var length = Int(bytes.removeFirst())
            #expect(length < 127)
            if length == 126 {
                length = Int(bytes.removeFirst()) << 8
                length |= Int(bytes.removeFirst())
                #expect(125 < length, "the shortest form of the length")
            }
            received += try packet(Array(bytes.prefix(length)))
            bytes = bytes.dropFirst(length)
        }
        let isSame = received == payload
        #expect(isSame)
    }

    @Test("the legacy transport has packets alone", arguments: counts.dropLast())
    func legacy(_ count: Int) throws {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var scanner = PacketScanner(allowsData: true)
        let bytes = frame(payload, .legacy)
        var received: [UInt8] = []
        var offset = 0
        scan: while true {
            switch try scanner.next(in: bytes.span.bytes, from: offset, to: bytes.count) {
            case .needMore: break scan
            case .dataPayload(let range):
                received += bytes[range]
                offset = range.upperBound
            case .packet: Issue.record("no other packet was written")
            }
        }
        let isSame = received == payload
        #expect(isSame)
    }

    @Test("the chunked legacy transport has one packet a chunk", arguments: counts.dropLast())
    func chunked(_ count: Int) throws {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 13) }
        let bytes = frame(payload, .legacyChunked)
        var chunks = ChunkedDecoder()
        var received: [UInt8] = []
        var offset = 0
        scan: while true {
            switch try chunks.next(in: bytes.span.bytes, from: offset, to: bytes.count) {
            case .needMore(let end):
                #expect(end == bytes.count)
                break scan
            case .payload(let range):
                received += try packet(Array(bytes[range]))
                offset = range.upperBound
            case .end:
                Issue.record("the body goes on")
                break scan
            }
        }
        let isSame = received == payload
        #expect(isSame)
        #expect(bytes.suffix(2) == [13, 10])
    }

    /// The payload of one DATA packet that must fill the message.
    private func packet(_ bytes: [UInt8]) throws -> [UInt8] {
        try #require(DataHeader.size < bytes.count)
        #expect(bytes[0] == 0x0A && bytes[1] == 0)
        let length = Int(bytes[4]) | Int(bytes[5]) << 8 | Int(bytes[6]) << 16
        #expect(length == bytes.count)
        #expect(Int(bytes[8]) | Int(bytes[9]) << 8 == bytes.count - DataHeader.size)
        return Array(bytes.dropFirst(DataHeader.size))
    }
}
