// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the bytes of a record. They are fixed here, once, because others will hash and sign them.

/// Renders events as JSON lines.
package enum AuditLine {
    /// One line without its line feed: the envelope, then the event's fields in their order.
    package static func render(_ event: AuditEvent, index: UInt64, milliseconds: UInt64) -> [UInt8] {
        var line = #"{"time":""# + AuditTime.text(milliseconds) + #"","seq":"# + String(index)
        append("event_code", .text(event.code), to: &line)
        append("event", .text(event.name), to: &line)
        append("outcome", .text(event.outcome.rawValue), to: &line)
        append("severity", .text(event.severity.rawValue), to: &line)
        for field in event.fields { append(field.key, field.value, to: &line) }
        line += "}"
        return Array(line.utf8)
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

    private static func append(_ key: String, _ value: AuditEvent.Value, to line: inout String) {
        line += ","
        quote(key, into: &line)
        line += ":"
        switch value {
        case .text(let text): quote(text, into: &line)
        case .number(let number): line += String(number)
        case .flag(let flag): line += flag ? "true" : "false"
        case .list(let texts):
            line += "["
            for (position, text) in texts.enumerated() {
                if position != 0 { line += "," }
                quote(text, into: &line)
            }
            line += "]"
        }
    }

    /// RFC 8259 section 7, and RFC 8785's choice of short escapes.
    ///
    /// DEL, C1 and the line separators are
    /// escaped too: a log is read in terminals, and some readers split at U+2028.
    private static func quote(_ text: String, into line: inout String) {
        line += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": line += "\\\""
            case "\\": line += "\\\\"
            case "\u{8}": line += "\\b"
            case "\u{9}": line += "\\t"
            case "\u{A}": line += "\\n"
            case "\u{C}": line += "\\f"
            case "\u{D}": line += "\\r"
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}", "\u{202A}"..."\u{202E}",
                "\u{2066}"..."\u{2069}":
                let digits = String(scalar.value, radix: 16)
                line += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            default: line.unicodeScalars.append(scalar)
            }
        }
        line += "\""
    }
}
