// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of chunked bodies.

import ByteCoding
import HTTPHead
import Testing

@Suite("ChunkedDecoder")
struct ChunkedDecoderTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var text: String
        var payload = ""
        var endedAt: Int?
        var error: ChunkError?
        var testDescription: String { text.debugDescription }
    }

    static let cases = [
        Case(text: "0\r\n\r\n", endedAt: 5),
        Case(text: "0\r\n\r\nGET /", endedAt: 5),
        Case(text: "5\r\nhello\r\n0\r\n\r\n", payload: "hello", endedAt: 15),
        Case(text: "a\r\n0123456789\r\n1\r\nX\r\n0000\r\n\r\n", payload: "0123456789X", endedAt: 29),
        Case(text: "A\r\n0123456789\r\n00000000\r\n\r\n", payload: "0123456789", endedAt: 27),
        Case(text: "00000002\r\n\r\n\r\n0\r\n\r\n", payload: "\r\n", endedAt: 19),
        Case(text: "5\r\nhel", payload: "hel"),
        Case(text: "", payload: ""),
        Case(text: "\r\n", error: .malformedSize),
        Case(text: "g\r\n", error: .malformedSize),
        Case(text: "-1\r\n", error: .malformedSize),
        Case(text: "+1\r\n", error: .malformedSize),
        Case(text: " 1\r\n", error: .malformedSize),
        Case(text: "0x1\r\n", error: .malformedSize),
        Case(text: "1 \r\n", error: .extensionRefused),
        Case(text: "1;a=b\r\n", error: .extensionRefused),
        Case(text: "1\t\r\n", error: .extensionRefused),
        Case(text: "0;\r\n\r\n", error: .extensionRefused),
        Case(text: "1\nX\r\n", error: .malformedLineEnd),
        Case(text: "1\rX", error: .malformedLineEnd),
        Case(text: "1\r\r\n", error: .malformedLineEnd),
        Case(text: "1\r\nXY\r\n", payload: "X", error: .malformedLineEnd),
        Case(text: "1\r\nX\n0\r\n\r\n", payload: "X", error: .malformedLineEnd),
        Case(text: "1\r\nX\rY", payload: "X", error: .malformedLineEnd),
        Case(text: "0\r\nX: y\r\n\r\n", error: .trailerRefused),
        Case(text: "0\r\n\n", error: .trailerRefused),
        Case(text: "0\r\n\r\r", error: .malformedLineEnd),
        Case(text: "1000001\r\n", error: .tooLarge),
        Case(text: "FFFFFFFF\r\n", error: .tooLarge),
        Case(text: "000000001\r\n", error: .tooLarge),
        Case(text: "FFFFFFFFFFFFFFFFF\r\n", error: .tooLarge),
    ]

    @Test("gives payload, end and fault, however the bytes are cut", arguments: cases)
    func table(testCase: Case) {
        let bytes = Array(testCase.text.utf8)
        let whole = ChunkedBody(bytes, cuts: [bytes.count])
        #expect(whole.payload == Array(testCase.payload.utf8))
        #expect(whole.endedAt == testCase.endedAt)
        #expect(whole.error == testCase.error)
        for cut in 0...bytes.count {
            #expect(ChunkedBody(bytes, cuts: [cut, bytes.count]) == whole, "cut at \(cut)")
        }
        #expect(ChunkedBody(bytes, cuts: Array(0...bytes.count)) == whole, "byte by byte")
    }

    @Test("is cut short at every byte without an end or a fault")
    func truncated() {
        let bytes = Array("5\r\nhello\r\n0\r\n\r\n".utf8)
        for count in 0..<bytes.count {
            let body = ChunkedBody(Array(bytes.prefix(count)), cuts: [count])
            #expect(body.endedAt == nil)
            #expect(body.error == nil)
        }
    }

    @Test("takes xfreerdp's first chunk and starts in the middle of a buffer")
    func handshake() throws {
        let packet: [UInt8] = [1, 0, 0, 0, 14, 0, 0, 0, 1, 0, 0, 0, 2, 0]
        let bytes = [9, 9, 9] + Array("E\r\n".utf8) + packet + [13, 10, 9]
        var decoder = ChunkedDecoder()
        #expect(try decoder.next(in: bytes.rawSpan, from: 3, to: bytes.count - 1) == .payload(6..<20))
        #expect(try decoder.next(in: bytes.rawSpan, from: 20, to: 22) == .needMore(consumedTo: 22))
    }

    @Test("the largest chunk passes")
    func largest() throws {
        var decoder = ChunkedDecoder()
        let header = Array("1000000\r\n".utf8)
        #expect(try decoder.next(in: header.rawSpan, from: 0, to: header.count) == .needMore(consumedTo: 9))
    }

    @Test("says again that the body ended")
    func afterTheEnd() throws {
        var decoder = ChunkedDecoder()
        let bytes = Array("0\r\n\r\n5\r\n".utf8)
        #expect(try decoder.next(in: bytes.rawSpan, from: 0, to: 8) == .end(consumedTo: 5))
        #expect(try decoder.next(in: bytes.rawSpan, from: 5, to: 8) == .end(consumedTo: 5))
    }

    struct Header: CustomTestStringConvertible, Sendable {
        var count: Int
        var text: String
        var testDescription: String { text }
    }

    @Test(
        "writes chunk headers without leading zeros",
        arguments: [
            Header(count: 1, text: "1"), Header(count: 15, text: "f"), Header(count: 16, text: "10"),
            Header(count: 255, text: "ff"), Header(count: 256, text: "100"),
            Header(count: 65_545, text: "10009"),
            Header(count: HTTPLimits.chunk, text: "1000000"),
        ]
    )
    func headers(header: Header) {
        #expect(ChunkHeader.encoded(payloadCount: header.count) == Array("\(header.text)\r\n".utf8))
        var buffer = [UInt8](repeating: 0xEE, count: 20)
        var elements = buffer.mutableSpan
        var raw = elements.mutableBytes
        let count = ChunkHeader.encode(payloadCount: header.count, into: &raw, at: 5)
        #expect(Array(buffer[5..<(5 + count)]) == Array("\(header.text)\r\n".utf8))
        #expect(buffer[4] == 0xEE)
        #expect(buffer[5 + count] == 0xEE)
    }

    @Test("an empty chunk cannot be written by mistake")
    func emptyChunk() async {
        await #expect(processExitsWith: .failure) { _ = ChunkHeader.encoded(payloadCount: 0) }
    }
}
