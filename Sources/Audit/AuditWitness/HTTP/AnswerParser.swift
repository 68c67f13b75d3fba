// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads the answer of a web server; only what witnesses send.

/// Status, media type and body.
package struct WebAnswer: Hashable, Sendable {
    package let status: Int
    /// In small letters, without parameters; empty when there is none.
    package let mediaType: String
    package let body: [UInt8]
}

/// Collects bytes until the answer is whole: by Content-Length, or by the end of the connection.
package struct AnswerParser: Sendable {
    private var bytes: [UInt8] = []
    private var head: (status: Int, mediaType: String, length: Int?, start: Int)?

    /// Nothing is here yet.
    package init() {}

    /// The answer, once it is whole; throws when it is none or too long.
    package mutating func append(_ more: [UInt8]) throws(WitnessError) -> WebAnswer? {
        bytes += more
        guard bytes.count <= WitnessLimits.head + WitnessLimits.answer else {
            throw WitnessError(.unreachable, "the answer is too long")
        }
        try readHead()
        guard let head, let length = head.length, length <= bytes.count - head.start else { return nil }
        return answer(head.start + length)
    }

    /// The peer has closed.
    package mutating func end() throws(WitnessError) -> WebAnswer {
        guard let head, head.length == nil else {
            throw WitnessError(.unreachable, "the answer ends early")
        }
        return answer(bytes.count)
    }

    private func answer(_ end: Int) -> WebAnswer {
        let start = head?.start ?? end
        return WebAnswer(
            status: head?.status ?? 0,
            mediaType: head?.mediaType ?? "",
            body: Array(bytes[start..<end])
        )
    }

    private mutating func readHead() throws(WitnessError) {
        guard head == nil else { return }
        let mark: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A]
        guard let end = Self.find(mark, in: bytes) else {
            guard bytes.count < WitnessLimits.head else {
                throw WitnessError(.unreachable, "the answer's head is too long")
            }
            return
        }
        let text = String(decoding: bytes[..<end], as: UTF8.self)
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        let words = (lines.first ?? "").split(separator: " ")
        guard 2 <= words.count, words[0] == "HTTP/1.1" || words[0] == "HTTP/1.0",
            let status = Int(words[1]), 100...599 ~= status
        else { throw WitnessError(.unreachable, "the answer is not HTTP/1.1") }
        var mediaType = ""
        var length: Int?
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let name = line[..<colon].lowercased()
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            switch name {
            case "content-type": mediaType = value.prefix { $0 != ";" && $0 != " " }.lowercased()
            case "content-length":
                guard let number = Int(value), 0...WitnessLimits.answer ~= number else {
                    throw WitnessError(.unreachable, "the answer's length is no number or too large")
                }
                length = number
            case "transfer-encoding":
                throw WitnessError(.unreachable, "the answer is chunked, which HTTP/1.0 clients are not sent")
            default: break
            }
        }
        head = (status, mediaType, length, end + mark.count)
    }

    private static func find(_ mark: [UInt8], in bytes: [UInt8]) -> Int? {
        guard mark.count <= bytes.count else { return nil }
        return (0...bytes.count - mark.count).first { bytes[$0..<$0 + mark.count].elementsEqual(mark) }
    }
}
