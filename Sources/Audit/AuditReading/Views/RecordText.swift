// SPDX-License-Identifier: EUPL-1.2
// Torhaus: records as lines for a terminal.

package import AuditEvents

/// Text for people; nothing parses it again.
package enum RecordText {
    /// One line: time, number, code, what, who, where, why.
    package static func line(_ record: AuditRecord) -> String {
        ([AuditTime.text(record.milliseconds), "#\(record.index)", record.code, record.name] + rest(record))
            .joined(separator: "  ")
    }

    /// The timeline of a session: each record with its distance from the first.
    package static func timeline(_ records: [AuditRecord]) -> String {
        guard let first = records.first else { return "no such session\n" }
        var text = "\(AuditTime.text(first.milliseconds))\n"
        for record in records {
            let apart = record.milliseconds - min(record.milliseconds, first.milliseconds)
            let words = ([record.code, record.name] + rest(record)).joined(separator: "  ")
            text += "+\(distance(apart))  \(words)\n"
        }
        return text
    }

    private static let shownFirst: [AuditKey] = [
        .municipality, .actor, .desktop, .reason, .reference, .source,
    ]
    private static let leftOut: Set<AuditKey> = [.session, .correlation, .actorKind, .sourcePort]

    private static func rest(_ record: AuditRecord) -> [String] {
        let first = shownFirst.compactMap { key in record[key].map { (key.rawValue, $0) } }
        let others = record.fields.filter { field in
            guard let key = AuditKey(rawValue: field.key) else { return true }
            return !shownFirst.contains(key) && !leftOut.contains(key)
        }
        return (first + others.map { ($0.key, $0.value) }).map { key, value in "\(key)=\(short(value))" }
    }

    private static func short(_ value: AuditEvent.Value) -> String {
        switch value {
        case .text(let text): text.contains(where: \.isWhitespace) ? "\"\(text)\"" : text
        case .number(let number): String(number)
        case .flag(let flag): flag ? "true" : "false"
        case .list(let texts): texts.joined(separator: ",")
        }
    }

    /// `00:00:00.000`; hours go on counting.
    private static func distance(_ milliseconds: UInt64) -> String {
        func padded(_ number: UInt64, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return padded(milliseconds / 3_600_000, 2) + ":" + padded(milliseconds / 60_000 % 60, 2) + ":"
            + padded(milliseconds / 1000 % 60, 2) + "." + padded(milliseconds % 1000, 3)
    }
}
