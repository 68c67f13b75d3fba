// SPDX-License-Identifier: EUPL-1.2
// Torhaus: records as rows for spreadsheets (RFC 4180).

package import AuditEvents

/// One column for each key of the register, in its order.
package enum CSVFormat {
    private static let columns = AuditKey.envelope + AuditKey.allCases.map(\.rawValue)

    /// The names of the columns, with the line's end.
    package static let head = columns.joined(separator: ",") + "\r\n"

    /// One record, with the line's end.
    package static func row(_ record: AuditRecord) -> String {
        let envelope = [
            AuditTime.text(record.milliseconds), String(record.index), record.code, record.name,
            record.category, record.outcome, record.severity, record.retention,
        ]
        let fields = AuditKey.allCases.map { key -> String in
            switch record[key] {
            case .text(let text): text
            case .number(let number): String(number)
            case .flag(let flag): flag ? "true" : "false"
            case .list(let texts): texts.joined(separator: " ")
            case nil: ""
            }
        }
        return (envelope + fields).map(cell).joined(separator: ",") + "\r\n"
    }

    /// A cell in which a spreadsheet finds no formula: texts of clients are in here.
    private static func cell(_ text: String) -> String {
        var text = text
        if let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first),
            Int64(text) == nil
        {
            text = "'" + text
        }
        guard text.unicodeScalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else {
            return text
        }
        let doubled = text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
        return "\"\(doubled)\""
    }
}
