// SPDX-License-Identifier: EUPL-1.2
// Torhaus: taking records out of the log, in the order of their numbers, without holding them in memory.

internal import AuditEvents

/// The form of an export.
package enum ExportFormat: String, Sendable, Hashable, CaseIterable {
    /// The log's own bytes, which verify against its tree.
    case jsonl
    /// Open Cybersecurity Schema Framework 1.7.
    case ocsf
    /// Elastic Common Schema.
    case ecs
    /// For spreadsheets.
    case csv
}

extension AuditReader {
    /// Writes every record that answers a question; how many there were.
    ///
    /// Its count is on record before the first byte is written. JSON lines are the log's own bytes; in the other
    /// forms device data are shortened as in every view, unless `whole` says otherwise.
    package func export(
        _ query: AuditQuery,
        as format: ExportFormat,
        whole: Bool,
        on occasion: ReadingOccasion,
        write: (String) throws -> Void
    ) async throws -> Int {
        guard let why = occasion.why else {
            throw ReadingError(.question, "an export needs a purpose and a case number")
        }
        var bounded = query
        var planned = 0
        for source in sources { planned += try await source.index.count(query, scope: occasion.scope) }
        let form = format == .jsonl ? format.rawValue : "\(format.rawValue)\(whole ? ", whole" : "")"
        try await note(
            .logExported(occasion.subject, why: why, filter: query.filter, format: form, count: planned)
        )
        if format == .csv { try write(CSVFormat.head) }
        bounded.limit = Self.page
        var count = 0
        for source in sources {
            var next: UInt64 = 0
            while true {
                let numbers = try await source.index.find(
                    bounded,
                    scope: occasion.scope,
                    order: .oldestFirst(from: next)
                )
                guard let last = numbers.last else { break }
                for found in try Self.records(numbers, of: source.archive) {
                    try write(text(found, format, whole: whole))
                    count += 1
                }
                next = last + 1
            }
        }
        return count
    }

    private static let page = 4096

    private func text(_ found: FoundRecord, _ format: ExportFormat, whole: Bool) -> String {
        let record = whole ? found.record : RecordView.shown(found.record, now: now())
        return switch format {
        case .jsonl: String(decoding: found.line, as: UTF8.self) + "\n"
        case .ocsf: OCSFFormat.event(record, origin: found.origin).text + "\n"
        case .ecs: ECSFormat.document(record, origin: found.origin).text + "\n"
        case .csv: CSVFormat.row(record)
        }
    }
}
