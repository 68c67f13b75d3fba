// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what must hold for every input of HTTPHead; the fuzzer and the tests call it.

internal import ByteCoding

/// Feeds heads and chunked bodies whole and in pieces.
package enum HTTPHeadOracle {
    /// Traps when the pieces give another result than the whole, or a payload does not come back.
    package static func run(_ input: [UInt8]) {
        var numbers = RepeatableNumbers(hashing: input)
        head(input, &numbers)
        chunks(input, &numbers)
        roundTrip(input, &numbers)
        if let credentials = BasicCredentials(authorization: String(decoding: input, as: UTF8.self)) {
            precondition(!credentials.user.isEmpty, "a user without a name")
        }
    }

    private static func head(_ input: [UInt8], _ numbers: inout RepeatableNumbers) {
        var whole = RequestHeadParser()
        let expected = whole.parse(input)
        var pieces = RequestHeadParser()
        var result = RequestHeadProgress.needMore
        for cut in numbers.cuts(of: input.count, longest: 40) where result == .needMore {
            result = pieces.parse(Array(input.prefix(cut)))
        }
        precondition(result == expected, "pieces of a head give another verdict than the whole")
        guard case .complete(let head, let length) = expected else { return }
        precondition(length <= HTTPLimits.head && length <= input.count, "the head is longer than it may be")
        precondition(head.headers.count <= HTTPLimits.fields, "more fields than there may be")
        precondition(head.path.utf8.first == UInt8(ascii: "/"), "the path is not in origin form")
        _ = WebSocketUpgrade.check(head, method: head.method, key: .anyText)
    }

    private static func chunks(_ input: [UInt8], _ numbers: inout RepeatableNumbers) {
        let expected = ChunkedBody(input, cuts: [input.count])
        precondition(ChunkedBody(input, cuts: numbers.cuts(of: input.count, longest: 9)) == expected)
    }

    private static func roundTrip(_ input: [UInt8], _ numbers: inout RepeatableNumbers) {
        var encoded: [UInt8] = []
        var start = 0
        for cut in numbers.cuts(of: input.count, longest: 64) {
            encoded += ChunkHeader.encoded(payloadCount: cut - start) + input[start..<cut]
            encoded += ChunkHeader.trailer
            start = cut
        }
        encoded += ChunkHeader.lastChunk
        let body = ChunkedBody(encoded + [0x58], cuts: [encoded.count + 1])
        precondition(body.payload == input, "the payload of chunks does not come back")
        precondition(body.endedAt == encoded.count && body.error == nil, "the end of the body is elsewhere")
    }
}

/// All that a decoder gives for one body.
package struct ChunkedBody: Hashable, Sendable {
    /// The payloads, joined.
    package var payload: [UInt8] = []
    /// Where the body ended; nil when it did not.
    package var endedAt: Int?
    /// What was at fault.
    package var error: ChunkError?

    /// Feeds `bytes` in pieces that end at `cuts`.
    package init(_ bytes: [UInt8], cuts: [Int]) {
        var decoder = ChunkedDecoder()
        var position = 0
        do throws(ChunkError) {
            feeding: for cut in cuts {
                while true {
                    switch try decoder.next(in: bytes.rawSpan, from: position, to: cut) {
                    case .needMore(let consumed):
                        precondition(consumed == cut, "bytes were left over")
                        position = consumed
                        continue feeding
                    case .payload(let range):
                        precondition(range.lowerBound < range.upperBound && range.upperBound <= cut)
                        payload += bytes[range]
                        position = range.upperBound
                    case .end(let consumed):
                        endedAt = consumed
                        break feeding
                    }
                }
            }
        } catch {
            self.error = error
        }
    }
}
