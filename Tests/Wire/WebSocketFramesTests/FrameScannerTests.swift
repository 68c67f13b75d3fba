// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a table of frames, in the order of the Autobahn test suite's groups 1 to 7.

import ByteCoding
import Testing
import WebSocketFrames

struct FrameCase: CustomTestStringConvertible, Sendable {
    var name: String
    var wire: [UInt8]
    var messages: [[UInt8]] = []
    var unfinished: [UInt8] = []
    var controls: [ScannedFrames.Control] = []
    var error: FrameError?
    var testDescription: String { name }

    var expected: ScannedFrames {
        var expected = ScannedFrames([], cuts: [])
        expected.messages = messages
        expected.unfinished = unfinished
        expected.controls = controls
        expected.error = error
        return expected
    }
}

private typealias Control = ScannedFrames.Control

private func binary(_ payload: [UInt8], final: Bool = true) -> [UInt8] {
    ClientFrames.frame(.binary, payload, final: final)
}

private func continuation(_ payload: [UInt8], final: Bool = true) -> [UInt8] {
    ClientFrames.frame(.continuation, payload, final: final)
}

private func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0) } }

/// A frame with a first byte of its own choice.
private func raw(_ first: UInt8, _ payload: [UInt8] = []) -> [UInt8] {
    [first] + ClientFrames.frame(.binary, payload).dropFirst()
}

@Suite("FrameScanner")
struct FrameScannerTests {
    static let framing: [FrameCase] =
        [0, 1, 7, 8, 9, 125, 126, 127, 128, 255, 65_535, 65_536, 70_000].map { count in
            FrameCase(name: "1.2 message of \(count)", wire: binary(bytes(count)), messages: [bytes(count)])
        } + [
            FrameCase(name: "1.1 text", wire: ClientFrames.frame(.text, [0x61]), error: .textMessage),
            FrameCase(
                name: "1 RFC 6455 section 5.7, masked, as binary",
                wire: [0x82, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58],
                messages: [Array("Hello".utf8)]
            ),
            FrameCase(name: "1 unmasked", wire: [0x82, 0x01, 0x61], error: .unmasked),
            FrameCase(name: "1 unmasked ping", wire: [0x89, 0x00], error: .unmasked),
            FrameCase(
                name: "1 short length in 16 bits",
                wire: [0x82, 0xFE, 0, 125],
                error: .lengthNotMinimal
            ),
            FrameCase(
                name: "1 16-bit length in 64 bits",
                wire: [0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF],
                error: .lengthNotMinimal
            ),
            FrameCase(
                name: "1 highest bit of a 64-bit length",
                wire: [0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0],
                error: .frameTooLarge
            ),
            FrameCase(
                name: "1 above the limit",
                wire: [0x82, 0xFF, 0, 0, 0, 0, 1, 0, 0, 1],
                error: .frameTooLarge
            ),
            FrameCase(name: "1 the limit itself", wire: [0x82, 0xFF, 0, 0, 0, 0, 1, 0, 0, 0]),
            FrameCase(
                name: "1 largest length",
                wire: [0x82, 0xFF] + [UInt8](repeating: 0xFF, count: 8),
                error: .frameTooLarge
            ),
        ]

    static let pings: [FrameCase] = [
        FrameCase(
            name: "2.1 empty ping",
            wire: ClientFrames.frame(.ping, []),
            controls: [Control(opcode: .ping, payload: [])]
        ),
        FrameCase(
            name: "2.4 ping of 125",
            wire: ClientFrames.frame(.ping, bytes(125)),
            controls: [Control(opcode: .ping, payload: bytes(125))]
        ),
        FrameCase(
            name: "2.5 ping of 126",
            wire: ClientFrames.frame(.ping, bytes(126)),
            error: .controlTooLong
        ),
        FrameCase(
            name: "2.7 pong that nobody asked for, then ping",
            wire: ClientFrames.frame(.pong, [1]) + ClientFrames.frame(.ping, [2]),
            controls: [Control(opcode: .pong, payload: [1]), Control(opcode: .ping, payload: [2])]
        ),
        FrameCase(
            name: "2.10 ten pings",
            wire: (0..<10).flatMap { ClientFrames.frame(.ping, [$0]) },
            controls: (0..<10).map { Control(opcode: .ping, payload: [$0]) }
        ),
    ]

    static let reservedBits: [FrameCase] =
        [0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70].map { bits in
            FrameCase(
                name: "3 reserved bits \(bits >> 4) after a message",
                wire: binary([1]) + raw(0x82 | bits, [2]),
                messages: [[1]],
                error: .reservedBits
            )
        } + [FrameCase(name: "3 reserved bit on ping", wire: raw(0xC9), error: .reservedBits)]

    static let opcodes: [FrameCase] = ([0x3, 0x4, 0x5, 0x6, 0x7, 0xB, 0xC, 0xD, 0xE, 0xF] as [UInt8]).map {
        opcode in
        FrameCase(
            name: "4 opcode \(opcode)",
            wire: binary([1]) + raw(0x80 | opcode),
            messages: [[1]],
            error: .reservedOpcode
        )
    }

    static let fragments: [FrameCase] = [
        FrameCase(name: "5.1 ping in two", wire: raw(0x09), error: .fragmentedControl),
        FrameCase(name: "5.2 pong in two", wire: raw(0x0A), error: .fragmentedControl),
        FrameCase(
            name: "5.3 two fragments",
            wire: binary([1, 2], final: false) + continuation([3]),
            messages: [[1, 2, 3]]
        ),
        FrameCase(
            name: "5.6 ping between fragments",
            wire: binary([1], final: false) + ClientFrames.frame(.ping, [9]) + continuation([2]),
            messages: [[1, 2]],
            controls: [Control(opcode: .ping, payload: [9])]
        ),
        FrameCase(
            name: "5.9 continuation without start",
            wire: continuation([1]),
            error: .continuationWithoutStart
        ),
        FrameCase(
            name: "5.12 continuation that ends nothing",
            wire: continuation([1], final: false),
            error: .continuationWithoutStart
        ),
        FrameCase(
            name: "5.15 continuation after the end",
            wire: binary([1], final: false) + continuation([2]) + continuation([3]),
            messages: [[1, 2]],
            error: .continuationWithoutStart
        ),
        FrameCase(
            name: "5.18 message inside of a message",
            wire: binary([1], final: false) + binary([2]),
            unfinished: [1],
            error: .messageInsideMessage
        ),
        FrameCase(
            name: "5.18 text inside of a message",
            wire: binary([1], final: false) + ClientFrames.frame(.text, [2]),
            unfinished: [1],
            error: .messageInsideMessage
        ),
        FrameCase(
            name: "5.19 five fragments and two pings",
            wire: binary([1], final: false) + continuation([2], final: false) + ClientFrames.frame(.ping, [])
                + continuation([3], final: false) + continuation([4], final: false)
                + ClientFrames.frame(.ping, []) + continuation([5]),
            messages: [[1, 2, 3, 4, 5]],
            controls: [Control(opcode: .ping, payload: []), Control(opcode: .ping, payload: [])]
        ),
        FrameCase(
            name: "6.1 empty fragments",
            wire: binary([], final: false) + continuation([], final: false) + continuation([]),
            messages: [[]]
        ),
        FrameCase(
            name: "6.1 content between empty fragments",
            wire: binary([], final: false) + continuation([7], final: false) + continuation([]),
            messages: [[7]]
        ),
    ]

    static let closing: [FrameCase] =
        [
            FrameCase(
                name: "7.1 nothing counts after close",
                wire: ClientFrames.frame(.close, [0x03, 0xE8]) + ClientFrames.frame(.ping, []) + [
                    0xFF, 0xFF,
                ],
                controls: [Control(opcode: .close, payload: [0x03, 0xE8])]
            ),
            FrameCase(
                name: "7.1 close inside of a message",
                wire: binary([1], final: false) + ClientFrames.frame(.close, [0x03, 0xE8])
                    + continuation([2]),
                unfinished: [1],
                controls: [Control(opcode: .close, payload: [0x03, 0xE8])]
            ),
            FrameCase(
                name: "7.3 close without code",
                wire: ClientFrames.frame(.close, []),
                controls: [Control(opcode: .close, payload: [])]
            ),
            FrameCase(
                name: "7.3 half a code",
                wire: ClientFrames.frame(.close, [3]),
                error: .closeWithoutCode
            ),
            FrameCase(
                name: "7.3 longest reason",
                wire: ClientFrames.frame(.close, [0x03, 0xE8] + [UInt8](repeating: 0x61, count: 123)),
                controls: [
                    Control(opcode: .close, payload: [0x03, 0xE8] + [UInt8](repeating: 0x61, count: 123))
                ]
            ),
            FrameCase(
                name: "7.3 reason too long",
                wire: ClientFrames.frame(.close, [0x03, 0xE8] + [UInt8](repeating: 0x61, count: 124)),
                error: .controlTooLong
            ),
            FrameCase(name: "7 close in two", wire: raw(0x08), error: .fragmentedControl),
            FrameCase(
                name: "7.5 reason is not UTF-8",
                wire: ClientFrames.frame(.close, [0x03, 0xE8, 0xCE, 0xBA, 0xED, 0xA0, 0x80]),
                error: .closeReasonNotUTF8
            ),
        ]
        + ([1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999] as [UInt16]).map {
            code in
            FrameCase(
                name: "7.7 code \(code)",
                wire: ClientFrames.frame(.close, [UInt8(code >> 8), UInt8(code & 0xFF)]),
                controls: [Control(opcode: .close, payload: [UInt8(code >> 8), UInt8(code & 0xFF)])]
            )
        }
        + ([0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535] as [UInt16]).map { code in
            FrameCase(
                name: "7.9 code \(code)",
                wire: ClientFrames.frame(.close, [UInt8(code >> 8), UInt8(code & 0xFF)]),
                error: .closeCodeInvalid
            )
        }

    @Test("1: framing", arguments: framing)
    func group1(frameCase: FrameCase) { check(frameCase) }

    @Test("2: pings and pongs", arguments: pings)
    func group2(frameCase: FrameCase) { check(frameCase) }

    @Test("3: reserved bits", arguments: reservedBits)
    func group3(frameCase: FrameCase) { check(frameCase) }

    @Test("4: reserved opcodes", arguments: opcodes)
    func group4(frameCase: FrameCase) { check(frameCase) }

    @Test("5 and 6: fragments", arguments: fragments)
    func group5(frameCase: FrameCase) { check(frameCase) }

    @Test("7: closing", arguments: closing)
    func group7(frameCase: FrameCase) { check(frameCase) }

    @Test("a frame that is cut short gives no end and no fault")
    func truncated() {
        let wire = binary(bytes(200))
        for count in 0..<wire.count {
            let frames = ScannedFrames(Array(wire.prefix(count)), cuts: [count])
            #expect(frames.messages.isEmpty)
            #expect(frames.unfinished == Array(bytes(200).prefix(Swift.max(0, count - 8))))
            #expect(frames.error == nil)
        }
    }

    @Test("each fault has its close code")
    func closeCodes() {
        let others: [FrameError: CloseCode] = [
            .textMessage: .unsupportedData, .frameTooLarge: .messageTooBig,
            .closeReasonNotUTF8: .invalidPayload,
        ]
        for error in FrameError.allCases {
            #expect(error.closeCode == others[error] ?? .protocolError)
        }
        #expect(CloseCode.protocolError.rawValue == 1002)
        #expect(CloseCode.messageTooBig.rawValue == 1009)
    }

    private func check(_ frameCase: FrameCase) {
        let wire = frameCase.wire
        #expect(ScannedFrames(wire, cuts: [wire.count]) == frameCase.expected)
        // Every cut of long frames would take minutes; their headers and both ends matter.
        let cuts =
            wire.count <= 300 ? Array(0...wire.count) : Array(0...40) + [wire.count / 2, wire.count - 1]
        for cut in cuts {
            #expect(ScannedFrames(wire, cuts: [cut, wire.count]) == frameCase.expected, "cut at \(cut)")
        }
        if wire.count <= 300 {
            #expect(ScannedFrames(wire, cuts: Array(1...wire.count)) == frameCase.expected, "byte by byte")
        }
    }
}
