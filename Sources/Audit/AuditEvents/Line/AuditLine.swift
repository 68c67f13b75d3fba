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
        guard longest - head(index: .max, milliseconds: .max).utf8.count < whole.utf8.count else {
            return Array(whole.utf8)
        }
        let short = event.fields.map {
            AuditEvent.Field($0.key, $0.value.limited(text: shortText, list: shortList))
        }
        return Array(body(event, fields: short, isCut: true, salt: salt).utf8)
    }

    /// Puts time and number in front of a body.
    package static func join(_ body: [UInt8], index: UInt64, milliseconds: UInt64) -> [UInt8] {
        Array(head(index: index, milliseconds: milliseconds).utf8) + body
    }

    /// Whether the bytes are a body that this type could have made; what a log checks before it takes one.
    package static func isBody(_ bytes: [UInt8]) -> Bool {
        let line = join(bytes, index: .max, milliseconds: .max)
        guard line.count <= longest, let record = try? AuditRecord(parsing: line) else { return false }
        return record.rendered == line
    }

    /// The number in a line this type rendered; nil when it is no such line.
    package static func index(of line: some Sequence<UInt8>) -> UInt64? {
        let bytes = Array(line)
        guard bytes.first == UInt8(ascii: "{"), bytes.last == UInt8(ascii: "}") else { return nil }
        // `{"time":"` + a time of fixed length + `","seq":`
        let prefix = Array(#"{"time":""#.utf8)
        let marker = Array(#"","seq":"#.utf8)
        let start = prefix.count + AuditTime.length
        guard bytes.starts(with: prefix), bytes.dropFirst(start).starts(with: marker) else { return nil }
        let digits = bytes.dropFirst(start + marker.count).prefix { 0x30...0x39 ~= $0 }
        guard bytes.dropFirst(start + marker.count + digits.count).first == UInt8(ascii: ",") else {
            return nil
        }
        return UInt64(String(decoding: digits, as: UTF8.self))
    }

    // MARK: Parts

    static func head(index: UInt64, milliseconds: UInt64) -> String {
        #"{"time":""# + AuditTime.text(milliseconds) + #"","seq":"# + String(index) + ","
    }

    private static func body(
        _ event: AuditEvent,
        fields: [AuditEvent.Field],
        isCut: Bool,
        salt: [UInt8]
    ) -> String {
        var line = #""event_code":"#
        AuditText.quote(event.code, into: &line)
        append("event", .text(event.name), to: &line)
        append("category", .text(event.category.rawValue), to: &line)
        append("outcome", .text(event.outcome.rawValue), to: &line)
        append("severity", .text(event.severity.rawValue), to: &line)
        append("retention", .text(event.retention.rawValue), to: &line)
        for field in fields { append(field.key, field.value, to: &line) }
        if isCut { append("cut", .flag(true), to: &line) }
        if !salt.isEmpty { append("salt", .text(AuditHex.text(salt)), to: &line) }
        line += "}"
        return line
    }

    static func append(_ key: String, _ value: AuditEvent.Value, to line: inout String) {
        line += ","
        AuditText.quote(key, into: &line)
        line += ":"
        switch value {
        case .text(let text): AuditText.quote(text, into: &line)
        case .number(let number): line += String(number)
        case .flag(let flag): line += flag ? "true" : "false"
        case .list(let texts):
            line += "["
            for (position, text) in texts.enumerated() {
                if position != 0 { line += "," }
                AuditText.quote(text, into: &line)
            }
            line += "]"
        }
    }
}
