// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of a server's frames, of the mask and of close payloads.

import ByteCoding
import Testing
import WebSocketFrames

@Suite("FrameHeader")
struct FrameHeaderTests {
    struct Header: CustomTestStringConvertible, Sendable {
        var count: Int
        var bytes: [UInt8]
        var testDescription: String { "\(count)" }
    }

    @Test(
        "writes the shortest length",
        arguments: [
            Header(count: 0, bytes: [0x82, 0]),
            Header(count: 125, bytes: [0x82, 125]),
            Header(count: 126, bytes: [0x82, 126, 0, 126]),
            Header(count: 65_535, bytes: [0x82, 126, 0xFF, 0xFF]),
            Header(count: 65_536, bytes: [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
        ]
    )
    func headers(header: Header) {
        #expect(FrameHeader.encoded(.binary, payloadCount: header.count) == header.bytes)
        #expect(FrameHeader.length(payloadCount: header.count) == header.bytes.count)
        var buffer = [UInt8](repeating: 0xEE, count: 16)
        var elements = buffer.mutableSpan
        var raw = elements.mutableBytes
        let count = FrameHeader.encode(.binary, payloadCount: header.count, into: &raw, at: 3)
        #expect(Array(buffer[3..<(3 + count)]) == header.bytes)
        #expect(buffer[2] == 0xEE)
        #expect(buffer[3 + count] == 0xEE)
    }

    @Test("writes control frames as section 5.7 shows them")
    func controls() throws {
        #expect(FrameHeader.ping(Array("Hello".utf8)) == [0x89, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
        #expect(FrameHeader.pong([]) == [0x8A, 0])
        #expect(FrameHeader.close(.normal) == [0x88, 2, 0x03, 0xE8])
        #expect(FrameHeader.close(.protocolError, reason: "ä") == [0x88, 4, 0x03, 0xEA, 0xC3, 0xA4])
        #expect(FrameHeader.closeEcho(try ClosePayload([])) == [0x88, 0])
        #expect(FrameHeader.closeEcho(try ClosePayload([0x0F, 0xA0, 0x61])) == [0x88, 2, 0x0F, 0xA0])
    }

    @Test("cuts a reason between letters")
    func longReason() throws {
        let frame = FrameHeader.close(.goingAway, reason: String(repeating: "ü", count: 100))
        #expect(frame[1] == 124)
        let payload = try ClosePayload(Array(frame.dropFirst(2)))
        #expect(payload.code == 1001)
        #expect(payload.reason == String(repeating: "ü", count: 61))
    }

    @Test("a long control frame cannot be written by mistake")
    func longControl() async {
        await #expect(processExitsWith: .failure) {
            _ = FrameHeader.ping([UInt8](repeating: 0, count: 126))
        }
    }

    @Test("every code that is sent may be sent")
    func codes() {
        #expect(CloseCode.allCases.allSatisfy { ClosePayload.isSendable($0.rawValue) })
    }
}

@Suite("WebSocketFramesOracle")
struct WebSocketFramesOracleTests {
    @Test("a message comes back for every length, phase and mask", arguments: 0..<64)
    func masks(length: Int) {
        let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        for mask: UInt32 in [0, 1, 0x0102_0304, 0xFFFF_FFFF, 0x8000_0001] {
            // What lies before the frame moves its payload to every alignment.
            for before in 0..<8 {
                let first = ClientFrames.frame(.binary, [UInt8](repeating: 7, count: before), mask: mask)
                let wire = first + ClientFrames.frame(.binary, payload, mask: mask) + first
                let frames = ScannedFrames(wire, cuts: [wire.count / 2, wire.count])
                #expect(
                    frames.messages == [
                        Array(repeating: 7, count: before), payload, Array(repeating: 7, count: before),
                    ]
                )
            }
        }
    }

    @Test("holds for random frames with changed bytes", arguments: 0..<200 as Range<UInt64>)
    func random(seed: UInt64) {
        var numbers = RepeatableNumbers(seed: seed)
        var wire: [UInt8] = []
        for _ in 0..<Int.random(in: 1...4, using: &numbers) {
            let payload = (0..<Int.random(in: 0...140, using: &numbers)).map { UInt8($0) }
            let opcode = Opcode.allCases.randomElement(using: &numbers) ?? .binary
            wire += ClientFrames.frame(opcode, payload, final: Bool.random(using: &numbers))
        }
        if Bool.random(using: &numbers) {
            wire[Int.random(in: 0..<wire.count, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers)
        }
        WebSocketFramesOracle.run(wire)
    }

    /// Inputs that once broke something; they stay.
    static let findings: [[UInt8]] = [
        [], [0x82], [0x88, 0x80, 0, 0, 0, 0], [0x02, 0x80, 0, 0, 0, 0, 0x80, 0x80, 0, 0, 0, 0], [0x03],
        [0x03, 0xE8],
    ]

    @Test("holds for stored findings", arguments: findings)
    func storedFindings(input: [UInt8]) {
        WebSocketFramesOracle.run(input)
    }
}
