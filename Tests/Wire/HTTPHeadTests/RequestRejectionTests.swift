// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the table of what the front door refuses, and of what looks like it but is right.

import HTTPHead
import Testing

@Suite("RequestRejection")
struct RequestRejectionTests {
    struct Refused: CustomTestStringConvertible, Sendable {
        var text: String
        var expected: RequestRejection
        var testDescription: String { "\(expected): \(text.debugDescription)" }

        init(_ text: String, _ expected: RequestRejection) {
            self.text = text
            self.expected = expected
        }
    }

    static let lineEnds = [
        Refused("GET / HTTP/1.1\nHost: a\r\n\r\n", .bareLineFeed),
        Refused("GET / HTTP/1.1\r\nHost: a\n\r\n", .bareLineFeed),
        Refused("GET / HTTP/1.1\r\nHost: a\r\n\n", .bareLineFeed),
        Refused("\n", .bareLineFeed),
        Refused("GET / HTTP/1.1\rHost: a\r\n\r\n", .bareCarriageReturn),
        Refused("GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", .bareCarriageReturn),
        Refused("GET / HTTP/1.1\r\nX: a\rContent-Length: 5\r\n\r\n", .bareCarriageReturn),
        Refused("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
    ]

    static let requestLines = [
        Refused("GET /\r\n", .malformedRequestLine),
        Refused("GET  / HTTP/1.1\r\n", .malformedRequestLine),
        Refused("GET / HTTP/1.1 \r\n", .malformedRequestLine),
        Refused("GET / a HTTP/1.1\r\n", .malformedRequestLine),
        Refused("GET\t/\tHTTP/1.1\r\n", .malformedRequestLine),
        Refused(" GET / HTTP/1.1\r\n", .malformedRequestLine),
        Refused("/ HTTP/1.1 x\r\n", .malformedMethod),
        Refused("G(T / HTTP/1.1\r\n", .malformedMethod),
        Refused("GÉT / HTTP/1.1\r\n", .malformedMethod),
        Refused("\u{16}\u{3}\u{1} / HTTP/1.1\r\n", .malformedMethod),
        Refused("\(String(repeating: "M", count: 33)) / HTTP/1.1\r\n", .methodTooLong),
        Refused("GET / HTTP/2.0\r\n", .versionNotSupported),
        Refused("GET / HTTP/0.9\r\n", .versionNotSupported),
        Refused("GET / HTTP/1.2\r\n", .versionNotSupported),
        Refused("PRI * HTTP/2.0\r\n", .versionNotSupported),
        Refused("GET / HTTP/1.10\r\n", .malformedVersion),
        Refused("GET / http/1.1\r\n", .malformedVersion),
        Refused("GET / HTTP/1\r\n", .malformedVersion),
        Refused("GET / HTTP/1,1\r\n", .malformedVersion),
        Refused("GET / ICAP/1.0\r\n", .malformedVersion),
    ]

    static let targets = [
        Refused("GET http://a/ HTTP/1.1\r\n", .absoluteTarget),
        Refused("GET https://127.0.0.1:8080/x HTTP/1.1\r\n", .absoluteTarget),
        Refused("CONNECT desk:3389 HTTP/1.1\r\n", .authorityTarget),
        Refused("GET desk HTTP/1.1\r\n", .authorityTarget),
        Refused("GET ?x HTTP/1.1\r\n", .authorityTarget),
        Refused("OPTIONS * HTTP/1.1\r\n", .asteriskTarget),
        Refused("GET * HTTP/1.1\r\n", .asteriskTarget),
        Refused("GET /a#b HTTP/1.1\r\n", .malformedTarget),
        Refused("GET /a\\b HTTP/1.1\r\n", .malformedTarget),
        Refused("GET /ä HTTP/1.1\r\n", .malformedTarget),
        Refused("GET /\u{0} HTTP/1.1\r\n", .malformedTarget),
        Refused("GET /% HTTP/1.1\r\n", .malformedTarget),
        Refused("GET /%4 HTTP/1.1\r\n", .malformedTarget),
        Refused("GET /%4g HTTP/1.1\r\n", .malformedTarget),
        Refused("GET /%%41 HTTP/1.1\r\n", .malformedTarget),
    ]

    static let fields = [
        Refused("GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", .foldedField),
        Refused("GET / HTTP/1.1\r\nHost: a\r\n\tfolded\r\n\r\n", .foldedField),
        Refused("GET / HTTP/1.1\r\n Host: a\r\n\r\n", .foldedField),
        Refused("GET / HTTP/1.1\r\nHost : a\r\n\r\n", .malformedFieldName),
        Refused("GET / HTTP/1.1\r\nHost\t: a\r\n\r\n", .malformedFieldName),
        Refused("GET / HTTP/1.1\r\n: a\r\n\r\n", .malformedFieldName),
        Refused("GET / HTTP/1.1\r\nHost\r\n\r\n", .malformedFieldName),
        Refused("GET / HTTP/1.1\r\nHo st: a\r\n\r\n", .malformedFieldName),
        Refused("GET / HTTP/1.1\r\nHöst: a\r\n\r\n", .malformedFieldName),
        Refused("GET / HTTP/1.1\r\nX\u{0}: a\r\n\r\n", .malformedFieldName),
        Refused("GET / HTTP/1.1\r\nX: a\u{0}b\r\n\r\n", .malformedFieldValue),
        Refused("GET / HTTP/1.1\r\nX: a\u{1B}[0m\r\n\r\n", .malformedFieldValue),
        Refused("GET / HTTP/1.1\r\nX: \u{7F}\r\n\r\n", .malformedFieldValue),
    ]

    static let hosts = [
        Refused("GET / HTTP/1.1\r\n\r\n", .missingHost),
        Refused("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", .repeatedField),
        Refused("GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n", .repeatedField),
        Refused("GET / HTTP/1.0\r\nHost: a\r\nhost: b\r\n\r\n", .repeatedField),
        Refused("GET / HTTP/1.1\r\nHost:\r\n\r\n", .malformedHost),
        Refused("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", .malformedHost),
        Refused("GET / HTTP/1.1\r\nHost: a,b\r\n\r\n", .malformedHost),
        Refused("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", .malformedHost),
        Refused("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", .malformedHost),
        Refused("GET / HTTP/1.1\r\nHost: a:\r\n\r\n", .malformedHost),
        Refused("GET / HTTP/1.1\r\nHost: a:x\r\n\r\n", .malformedHost),
        Refused("GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n", .malformedHost),
        Refused("GET / HTTP/1.1\r\nHost: a:+80\r\n\r\n", .malformedHost),
        Refused("GET / HTTP/1.1\r\nHost: :80\r\n\r\n", .malformedHost),
        Refused("GET / HTTP/1.1\r\nHost: ::1\r\n\r\n", .malformedHost),
        Refused("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", .malformedHost),
        Refused("GET / HTTP/1.1\r\nHost: [::1]80\r\n\r\n", .malformedHost),
        Refused("GET / HTTP/1.1\r\nHost: [a.b]\r\n\r\n", .malformedHost),
        Refused("GET / HTTP/1.0\r\nHost: [::1%25lo]\r\n\r\n", .malformedHost),
        Refused("GET / HTTP/1.1\r\nHost: \(String(repeating: "a", count: 260))\r\n\r\n", .malformedHost),
    ]

    static let framings = [
        Refused(framed("Content-Length: 5", "Content-Length: 5"), .repeatedField),
        Refused(framed("Content-Length: 5", "content-length: 6"), .repeatedField),
        Refused(framed("Content-Length: 5, 5"), .malformedContentLength),
        Refused(framed("Content-Length:"), .malformedContentLength),
        Refused(framed("Content-Length: +5"), .malformedContentLength),
        Refused(framed("Content-Length: -1"), .malformedContentLength),
        Refused(framed("Content-Length: 0x5"), .malformedContentLength),
        Refused(framed("Content-Length: 1 2"), .malformedContentLength),
        Refused(framed("Content-Length: ٣"), .malformedContentLength),
        Refused(framed("Content-Length: 9223372036854775808"), .contentTooLarge),
        Refused(framed("Content-Length: 00000000000000000005"), .contentTooLarge),
        Refused(
            framed("Content-Length: 5", "Transfer-Encoding: chunked"),
            .transferEncodingWithContentLength
        ),
        Refused(
            framed("Transfer-Encoding: chunked", "Content-Length: 0"),
            .transferEncodingWithContentLength
        ),
        Refused(framed("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"), .repeatedField),
        Refused(framed("Transfer-Encoding: chunked, chunked"), .transferEncodingNotSupported),
        Refused(framed("Transfer-Encoding: gzip, chunked"), .transferEncodingNotSupported),
        Refused(framed("Transfer-Encoding: gzip"), .transferEncodingNotSupported),
        Refused(framed("Transfer-Encoding: identity"), .transferEncodingNotSupported),
        Refused(framed("Transfer-Encoding: chunked;q=1"), .transferEncodingNotSupported),
        Refused(framed("Transfer-Encoding: \u{B}chunked"), .malformedFieldValue),
        Refused(framed("Transfer-Encoding:"), .transferEncodingNotSupported),
        Refused(
            "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
            .transferEncodingBeforeHTTP11
        ),
    ]

    static func framed(_ fields: String...) -> String {
        "POST / HTTP/1.1\r\nHost: a\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
    }

    @Test("refuses line ends that are not CRLF", arguments: lineEnds)
    func refusesLineEnds(refused: Refused) { expect(refused) }

    @Test("refuses request lines", arguments: requestLines)
    func refusesRequestLines(refused: Refused) { expect(refused) }

    @Test("refuses targets that are no path", arguments: targets)
    func refusesTargets(refused: Refused) { expect(refused) }

    @Test("refuses header fields", arguments: fields)
    func refusesFields(refused: Refused) { expect(refused) }

    @Test("refuses hosts", arguments: hosts)
    func refusesHosts(refused: Refused) { expect(refused) }

    @Test("refuses framings that two readers could take in two ways", arguments: framings)
    func refusesFramings(refused: Refused) { expect(refused) }

    @Test("refuses a repeated field that has one value only")
    func repeated() {
        for name in ["Authorization", "Sec-WebSocket-Key", "RDG-Connection-Id", "Origin"] {
            let text = Self.framed("\(name): a", "\(name): a")
            #expect(parse(Array(text.utf8)) == .rejected(.repeatedField))
        }
    }

    struct Taken: CustomTestStringConvertible, Sendable {
        var text: String
        var framing: BodyFraming
        var testDescription: String { text.debugDescription }
    }

    @Test(
        "takes what is right",
        arguments: [
            Taken(text: "GET / HTTP/1.0\r\n\r\n", framing: .none),
            Taken(text: "GET / HTTP/1.1\r\nHOST:a\r\n\r\n", framing: .none),
            Taken(text: "GET / HTTP/1.1\r\nHost: \t a \t\r\n\r\n", framing: .none),
            Taken(text: "GET /%41?a=%C3%A4 HTTP/1.1\r\nHost: [::1]:8443\r\n\r\n", framing: .none),
            Taken(text: "GET // HTTP/1.1\r\nHost: 10.0.0.1:443\r\n\r\n", framing: .none),
            Taken(text: framed("X:"), framing: .none),
            Taken(text: framed("X: größe"), framing: .none),
            Taken(text: framed("Content-Length: 0"), framing: .length(0)),
            Taken(text: framed("Content-Length: 05"), framing: .length(5)),
            Taken(text: framed("Content-Length: 5\t"), framing: .length(5)),
            Taken(text: framed("Content-Length: 9223372036854775807"), framing: .length(.max)),
            Taken(text: framed("transfer-encoding: Chunked"), framing: .chunked),
        ]
    )
    func taken(taken: Taken) throws {
        #expect(try head(Array(taken.text.utf8)).framing == taken.framing)
    }

    @Test("every fault has a status for it and a reason of its own")
    func statuses() {
        let allowed: Set = [400, 413, 414, 431, 501, 505]
        #expect(RequestRejection.allCases.allSatisfy { allowed.contains($0.status) })
        #expect(Set(RequestRejection.allCases.map(\.reason)).count == RequestRejection.allCases.count)
        #expect(RequestRejection.contentTooLarge.status == 413)
        #expect(RequestRejection.headTooLarge.status == 431)
        #expect(RequestRejection.transferEncodingNotSupported.status == 501)
        #expect(RequestRejection.versionNotSupported.status == 505)
    }

    private func expect(_ refused: Refused) {
        let bytes = Array(refused.text.utf8)
        #expect(parse(bytes) == .rejected(refused.expected))
        var oneByOne = RequestHeadParser()
        var last = RequestHeadProgress.needMore
        for count in 1...bytes.count where last == .needMore {
            last = oneByOne.parse(Array(bytes.prefix(count)))
        }
        #expect(last == .rejected(refused.expected), "byte by byte")
    }
}
