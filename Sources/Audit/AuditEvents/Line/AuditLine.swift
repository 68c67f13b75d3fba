// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the bytes of a record. They are fixed here, once, because others will hash and sign them.

/// Renders events as JSON lines.
///
/// A line is a head (time and number, which only the log knows) and a body (all the rest). `AuditRecord` reads
/// one back, and gives the same bytes again.
package enum AuditLine {
    /// The longest line in bytes, without its line feed.
    ///
    /// A tile bundle can hold 65,535 (C2SP tlog-tiles: 16 bits of length); half of it leaves room for syslog.
    package static let longest = 32_768

    /// Texts of a line that would be too long are cut to this many bytes, its lists to `shortList` texts.
    ///
    /// All 59 fields with every byte escaped to six then come to less than `longest`.
    static let shortText = 64
    static let shortList = 8

    /// Random bytes in every leaf: a short line could be guessed from its hash after it was erased.
    package static let saltLength = 16

    /// One line without its line feed: head and body.
    package static func render(
        _ event: AuditEvent,
        index: UInt64,
        milliseconds: UInt64,
        salt: [UInt8] = []
    ) -> [UInt8] {
        join(body(event, salt: salt), index: index, milliseconds: milliseconds)
    }

    /// What a producer sends: the line from `"event_code"` to its closing brace.
    ///
    /// No salt leaves the key out.
    package static func body(_ event: AuditEvent, salt: [UInt8]) -> [UInt8] {
        let whole = body(event, fields: event.fields, isCut: false, salt: salt)
        guard longestBody < whole.count else { return whole }
        let short = event.fields.map {
            AuditEvent.Field($0.key, $0.value.limited(text: shortText, list: shortList))
        }
        return body(event, fields: short, isCut: true, salt: salt)
    }

    /// Puts time and number in front of a body.
    package static func join(_ body: [UInt8], index: UInt64, milliseconds: UInt64) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(longestHead + body.count)
        appendHead(index: index, milliseconds: milliseconds, to: &line)
        line += body
        return line
    }

    /// Whether the bytes are a body that this type could have made; what a log checks before it takes one.
    package static func isBody(_ bytes: [UInt8]) -> Bool {
        record(ofBody: bytes) != nil
    }

    /// The number in a line this type rendered; nil when it is no such line.
    package static func index(of line: some Sequence<UInt8>) -> UInt64? {
        let bytes = Array(line)
        guard bytes.first == UInt8(ascii: "{"), bytes.last == UInt8(ascii: "}") else { return nil }
        let start = headMark.count + AuditTime.length
        guard bytes.starts(with: headMark), bytes.dropFirst(start).starts(with: indexMark) else { return nil }
        let digits = bytes.dropFirst(start + indexMark.count).prefix { 0x30...0x39 ~= $0 }
        guard bytes.dropFirst(start + indexMark.count + digits.count).first == UInt8(ascii: ",") else {
            return nil
        }
        return UInt64(String(decoding: digits, as: UTF8.self))
    }

    // MARK: Parts

    /// The longest head: a time of fixed length, and the largest number's digits.
    static let longestHead =
        headMark.count + AuditTime.length + indexMark.count + "18446744073709551615,".utf8.count
    static let longestBody = longest - longestHead

    private static let headMark = Array(#"{"time":""#.utf8)
    private static let indexMark = Array(#"","seq":"#.utf8)

    static func appendHead(index: UInt64, milliseconds: UInt64, to line: inout [UInt8]) {
        line += headMark
        AuditTime.append(milliseconds, to: &line)
        line += indexMark
        line += String(index).utf8
        line.append(UInt8(ascii: ","))
    }

    private static func body(
        _ event: AuditEvent,
        fields: [AuditEvent.Field],
        isCut: Bool,
        salt: [UInt8]
    ) -> [UInt8] {
        AuditRecord(event, fields: fields, isCut: isCut, salt: salt).bodyAsItIs
    }

    static func append(_ key: String, _ value: AuditEvent.Value, to line: inout [UInt8]) {
        line.append(UInt8(ascii: ","))
        AuditText.quote(key, into: &line)
        line.append(UInt8(ascii: ":"))
        switch value {
        case .text(let text): AuditText.quote(text, into: &line)
        case .number(let number): line += String(number).utf8
        case .flag(let flag): line += (flag ? "true" : "false").utf8
        case .list(let texts):
            line.append(UInt8(ascii: "["))
            for (position, text) in texts.enumerated() {
                if position != 0 { line.append(UInt8(ascii: ",")) }
                AuditText.quote(text, into: &line)
            }
            line.append(UInt8(ascii: "]"))
        }
    }
}
