// SPDX-License-Identifier: EUPL-1.2
// Torhaus: finds and checks a request head in bytes that arrive piece by piece.

internal import ByteCoding

/// What a look at the bytes so far gave.
package enum RequestHeadProgress: Hashable, Sendable {
    /// The head goes on; call again when there are more bytes.
    case needMore
    /// The head takes the first `headLength` bytes; what follows is the body.
    case complete(RequestHead, headLength: Int)
    /// The head is at fault, whatever follows.
    case rejected(RequestRejection)
}

/// Reads one request head; remembers how far it looked, so each byte is looked at once.
///
/// The verdict depends on the bytes alone, never on how they were cut.
package struct RequestHeadParser: Sendable {
    private var scanned = 0
    private var lineStart = 0
    private var requestLine: RequestLine?
    private var fields: [HeaderField] = []
    private var verdict: RequestHeadProgress = .needMore

    /// Starts at the first byte of a request.
    package init() {}

    /// Looks at `bytes`: all bytes of the connection from the first one of this request, so they only grow.
    package mutating func parse(_ bytes: RawSpan) -> RequestHeadProgress {
        guard case .needMore = verdict else { return verdict }
        do {
            verdict = try scan(bytes)
        } catch {
            verdict = .rejected(error)
        }
        return verdict
    }

    /// The same for an array.
    package mutating func parse(_ bytes: [UInt8]) -> RequestHeadProgress {
        parse(bytes.rawSpan)
    }

    // MARK: Lines

    private mutating func scan(_ bytes: RawSpan) throws(RequestRejection) -> RequestHeadProgress {
        while scanned < bytes.byteCount {
            guard scanned < HTTPLimits.head else { throw .headTooLarge }
            guard requestLine != nil || scanned < RequestLine.longest else { throw .targetTooLong }
            let byte = bytes.byte(at: scanned)
            let followsReturn =
                lineStart < scanned && bytes.byte(at: scanned - 1) == HTTPCharacters.carriageReturn
            guard byte == HTTPCharacters.lineFeed else {
                guard !followsReturn else { throw .bareCarriageReturn }
                scanned += 1
                continue
            }
            guard followsReturn else { throw .bareLineFeed }
            let line = bytes.copy(lineStart..<(scanned - 1))
            scanned += 1
            lineStart = scanned
            if let head = try take(line) {
                return .complete(head, headLength: scanned)
            }
        }
        return .needMore
    }

    /// Takes a line without its CRLF; gives the head when it was the last one.
    private mutating func take(_ line: [UInt8]) throws(RequestRejection) -> RequestHead? {
        guard let requestLine else {
            requestLine = try RequestLine(line)
            return nil
        }
        guard line.isEmpty else {
            fields.append(try field(line))
            return nil
        }
        let framing = try HeadChecks(version: requestLine.version, fields: fields).framing()
        return RequestHead(
            method: requestLine.method,
            target: requestLine.target,
            version: requestLine.version,
            headers: fields,
            framing: framing
        )
    }

    private func field(_ line: [UInt8]) throws(RequestRejection) -> HeaderField {
        guard fields.count < HTTPLimits.fields else { throw .tooManyFields }
        guard let first = line.first, first != HTTPCharacters.space, first != HTTPCharacters.tab else {
            throw .foldedField
        }
        // A space before the colon is not in a token, so it is refused with the name.
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { throw .malformedFieldName }
        let name = line[..<colon]
        guard !name.isEmpty, name.allSatisfy(HTTPCharacters.isToken) else { throw .malformedFieldName }
        let value = HTTPCharacters.trimmed(line[(colon + 1)...])
        guard value.allSatisfy(HTTPCharacters.isFieldValue) else { throw .malformedFieldValue }
        return HeaderField(
            name: String(decoding: name.map(HTTPCharacters.lowercased), as: UTF8.self),
            value: String(decoding: value, as: UTF8.self)
        )
    }
}
