// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the scanner against streams that are cut anywhere.

import ByteCoding
import RDGateway
import Testing

/// A packet as the scanner gave it, payload joined.
private struct Scanned: Equatable {
    var packets: [RawPacket] = []
    var payload: [UInt8] = []
}

@Suite("The packet scanner")
struct ScannerTests {
    private func scan(_ parts: [[UInt8]], allowsData: Bool = true) throws(PacketError) -> Scanned {
        var scanner = PacketScanner(allowsData: allowsData)
        var found = Scanned()
        for part in parts {
            var offset = 0
            scanning: while true {
                switch try scanner.next(in: part.rawSpan, from: offset, to: part.count) {
                case .needMore:
                    break scanning
                case .dataPayload(let range):
                    found.payload += part[range]
                    offset = range.upperBound
                case .packet(let packet, let consumed):
                    found.packets.append(packet)
                    offset = consumed
                }
            }
        }
        return found
    }

    /// Every packet there is, DATA with one byte and with none among them.
    private static let stream =
        GoldenPacket.all.flatMap(\.bytes)
        + hex("0a 00 00 00 0b 00 00 00 | 01 00 | aa 0a 00 00 00 0a 00 00 00 | 00 00 0d 00 00 00 08 00 00 00")

    private static let expected = Scanned(
        packets: GoldenPacket.all.map { raw($0.bytes) }.filter { $0.type != .data } + [RawPacket(.keepAlive)],
        payload: hex("03 00 00 13 aa")
    )

    @Test("finds all packets of a stream")
    func whole() throws {
        #expect(try scan([Self.stream]) == Self.expected)
    }

    @Test("finds the same when the stream is cut in two at any byte")
    func cutAnywhere() throws {
        for cut in 0...Self.stream.count {
            let parts = [Array(Self.stream[..<cut]), Array(Self.stream[cut...])]
            #expect(try scan(parts) == Self.expected, "cut at \(cut)")
        }
    }

    @Test("finds the same byte by byte")
    func byteByByte() throws {
        #expect(try scan(Self.stream.map { [$0] }) == Self.expected)
    }

    @Test("looks only at its part of the span")
    func subrange() throws {
        var scanner = PacketScanner(allowsData: true)
        let bytes = hex("ff ff | 0a 00 00 00 0c 00 00 00 | 02 00 | aa bb | ff")
        #expect(try scanner.next(in: bytes.rawSpan, from: 2, to: 13) == .dataPayload(12..<13))
        #expect(try scanner.next(in: bytes.rawSpan, from: 13, to: 13) == .needMore)
        #expect(try scanner.next(in: bytes.rawSpan, from: 13, to: 14) == .dataPayload(13..<14))
        #expect(try scanner.next(in: bytes.rawSpan, from: 14, to: 14) == .needMore)
    }

    @Test("gives the longest DATA packet in place")
    func longestData() throws {
        var scanner = PacketScanner(allowsData: true)
        let bytes = hex("0a 00 00 00 09 00 01 00 | ff ff") + [UInt8](repeating: 7, count: 65_535)
        #expect(try scanner.next(in: bytes.rawSpan, from: 0, to: bytes.count) == .dataPayload(10..<65_545))
    }

    @Test("gives DATA as an empty packet while it is not allowed, and finds the next packet")
    func dataTooEarly() throws {
        let bytes = hex("0a 00 00 00 0c 00 00 00 | 02 00 | aa bb | 0d 00 00 00 08 00 00 00")
        let expected = Scanned(packets: [RawPacket(.data), RawPacket(.keepAlive)])
        for cut in 0...bytes.count {
            let found = try scan([Array(bytes[..<cut]), Array(bytes[cut...])], allowsData: false)
            #expect(found == expected, "cut at \(cut)")
        }
    }

    @Test("asks for the permission when the header is complete")
    func permission() throws {
        var scanner = PacketScanner()
        let bytes = hex("0d 00 00 00 08 00 00 00 | 0a 00 00 00 0b 00 00 00 | 01 00 | aa")
        let first = try scanner.next(in: bytes.rawSpan, from: 0, to: bytes.count)
        #expect(first == .packet(RawPacket(.keepAlive), consumedTo: 8))
        scanner.allowsData = true
        #expect(try scanner.next(in: bytes.rawSpan, from: 8, to: bytes.count) == .dataPayload(18..<19))
    }

    /// A header that ends the connection.
    struct Fault: CustomTestStringConvertible, Sendable {
        let name: String
        let bytes: [UInt8]
        let error: PacketError

        var testDescription: String { name }
    }

    static let faults = [
        Fault(
            name: "a length below the header's",
            bytes: hex("0d 00 00 00 07 00 00 00"),
            error: .length(type: 0x0D, length: 7)
        ),
        Fault(
            name: "a length of zero",
            bytes: hex("01 00 00 00 00 00 00 00"),
            error: .length(type: 1, length: 0)
        ),
        Fault(
            name: "a control packet above the limit",
            bytes: hex("04 00 00 00 01 30 00 00"),
            error: .length(type: 4, length: 12_289)
        ),
        Fault(
            name: "the longest length of a type nobody knows",
            bytes: hex("ff ff 00 00 ff ff ff ff"),
            error: .length(type: 0xFFFF, length: .max)
        ),
        Fault(
            name: "DATA above the limit",
            bytes: hex("0a 00 00 00 0a 00 01 00 | ff ff"),
            error: .length(type: 0x0A, length: 65_546)
        ),
        Fault(
            name: "DATA without room for its length",
            bytes: hex("0a 00 00 00 09 00 00 00 | 00"),
            error: .length(type: 0x0A, length: 9)
        ),
        Fault(
            name: "DATA with a payload shorter than the packet",
            bytes: hex("0a 00 00 00 0c 00 00 00 | 01 00 | aa bb"),
            error: .dataLength(packet: 12, payload: 1)
        ),
        Fault(
            name: "DATA with a payload longer than the packet",
            bytes: hex("0a 00 00 00 0c 00 00 00 | 03 00 | aa bb"),
            error: .dataLength(packet: 12, payload: 3)
        ),
    ]

    @Test("refuses impossible lengths, cut or not", arguments: faults)
    func impossible(fault: Fault) {
        #expect(throws: fault.error) { try scan([fault.bytes]) }
        #expect(throws: fault.error) { try scan(fault.bytes.map { [$0] }) }
    }

    @Test("takes the longest control packet")
    func longestControl() throws {
        let bytes = hex("04 00 00 00 00 30 00 00") + [UInt8](repeating: 1, count: 12_280)
        let found = try scan([bytes])
        #expect(found.packets == [RawPacket(.tunnelCreate, body: [UInt8](repeating: 1, count: 12_280))])
    }

    @Test("stays refused after an error")
    func staysRefused() {
        var scanner = PacketScanner()
        let bad = hex("0d 00 00 00 07 00 00 00")
        let good = hex("0d 00 00 00 08 00 00 00")
        let error = PacketError.length(type: 0x0D, length: 7)
        #expect(throws: error) { try scanner.next(in: bad.rawSpan, from: 0, to: 8) }
        #expect(throws: error) { try scanner.next(in: good.rawSpan, from: 0, to: 8) }
    }

    @Test("DataHeader writes what DataPacket writes", arguments: [0, 1, 32_768, 65_535])
    func dataHeader(count: Int) {
        let payload = [UInt8](repeating: 5, count: count)
        var bytes = [UInt8](repeating: 0xEE, count: 3 + DataHeader.size) + payload
        var elements = bytes.mutableSpan
        var span = elements.mutableBytes
        #expect(DataHeader.encode(payloadCount: count, into: &span, at: 3) == 13)
        #expect(Array(bytes.dropFirst(3)) == DataPacket(payload: blob(payload)).encoded())
        #expect(Array(bytes.prefix(3)) == [0xEE, 0xEE, 0xEE])
    }

    @Test("DataHeader traps on a payload that a u16 cannot count")
    func dataHeaderTraps() async {
        await #expect(processExitsWith: .failure) {
            var bytes = [UInt8](repeating: 0, count: 10)
            var elements = bytes.mutableSpan
            var span = elements.mutableBytes
            _ = DataHeader.encode(payloadCount: 65_536, into: &span, at: 0)
        }
    }

    @Test("traps on an owner that gives a range outside of the span")
    func rangeTraps() async {
        await #expect(processExitsWith: .failure) {
            var scanner = PacketScanner()
            _ = try scanner.next(in: ([1] as [UInt8]).rawSpan, from: 0, to: 2)
        }
    }
}
