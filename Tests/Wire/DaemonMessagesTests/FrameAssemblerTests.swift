// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of the cutting of streams into frames, and the oracle.

import ByteCoding
import DaemonMessages
import Testing

@Suite("FrameAssembler")
struct FrameAssemblerTests {
    private let stream =
        GateToControl.ping(1).encoded() + ControlToGate.pong(2).encoded() + [3, 0, 0, 0, 1, 0xA4]

    @Test("gives whole frames, however the stream is cut")
    func everyCut() throws {
        for cut in 0...stream.count {
            var assembler = FrameAssembler()
            var frames: [[UInt8]] = []
            for part in [stream[..<cut], stream[cut...]] {
                assembler.append(part)
                while let frame = try assembler.next() {
                    frames.append(frame)
                }
            }
            #expect(frames == [[1, 0x07, 1, 0, 0, 0], [1, 0x49, 2, 0, 0, 0]])
            assembler.append([0])
            #expect(try assembler.next() == [1, 0xA4, 0])
        }
    }

    @Test("the largest frame passes")
    func largest() throws {
        var assembler = FrameAssembler()
        assembler.append([0, 0, 1, 0])
        assembler.append([UInt8](repeating: 1, count: 65_535))
        #expect(try assembler.next() == nil)
        assembler.append([2])
        #expect(try assembler.next()?.count == 65_536)
    }

    struct Fault: CustomTestStringConvertible, Sendable {
        var length: [UInt8]
        var error: DecodeError
        var testDescription: String { "\(length)" }
    }

    static let faults = [
        Fault(length: [1, 0, 1, 0], error: .oversize(length: 65_537, limit: 65_536)),
        Fault(length: [0xFF, 0xFF, 0xFF, 0xFF], error: .oversize(length: 4_294_967_295, limit: 65_536)),
        Fault(length: [0, 0, 0, 0], error: .truncated(needed: 2, available: 0)),
        Fault(length: [1, 0, 0, 0], error: .truncated(needed: 2, available: 1)),
    ]

    @Test("a length out of bounds is refused with its fourth byte, and for good", arguments: faults)
    func refused(fault: Fault) throws {
        var assembler = FrameAssembler()
        assembler.append(GateToControl.ping(1).encoded() + fault.length.dropLast())
        #expect(try assembler.next() != nil)
        #expect(try assembler.next() == nil)
        assembler.append(fault.length.suffix(1))
        #expect(throws: fault.error) { try assembler.next() }
        assembler.append(GateToControl.ping(1).encoded())
        #expect(throws: fault.error) { try assembler.next() }
    }

    @Test("the oracle holds for messages with changed bytes", arguments: 0..<40 as Range<UInt64>)
    func oracle(seed: UInt64) {
        var random = RandomMessages(seed: seed)
        let frames =
            random.gateToControl().map { $0.encoded() } + random.controlToGate().map { $0.encoded() }
            + random.signInRequests().map { $0.encoded() } + random.signInReplies().map { $0.encoded() }
            + [random.operatorRequest().encoded(), random.operatorReply().encoded()]
        for frame in frames {
            DaemonMessagesOracle.run(frame)
            var body = Array(frame.dropFirst(4))
            DaemonMessagesOracle.run(body)
            body[Int(seed) % body.count] ^= UInt8(1) << UInt8(seed % 8)
            DaemonMessagesOracle.run(body)
        }
    }

    /// Inputs that once broke something; they stay.
    static let findings: [[UInt8]] = [
        [], [0], [0, 0, 0, 0], [1, 0xC1], [1, 0x83], [2, 0, 0, 0, 1, 0x83, 1, 0, 1, 0],
        [1, 0x01, 0, 0, 0xFF, 0xFF],
    ]

    @Test("the oracle holds for stored findings", arguments: findings)
    func storedFindings(input: [UInt8]) {
        DaemonMessagesOracle.run(input)
    }
}
