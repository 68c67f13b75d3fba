// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the catalogue's family 6, first part: who read the log.

extension AuditKind {
    /// Reading, exporting, reporting; nil for every other.
    var readingDefinition: AuditDefinition? {
        switch self {
        case .logSearched:
            .init(
                "audit.searched",
                "Protokoll durchsucht",
                "Somebody searched the log or looked at a session; the count is the records shown.",
                .reading,
                .accountability,
                .accountability,
                .success,
                .notice,
                .whoOperates,
                [.purpose, .caseNumber, .filter, .count]
            )
        case .readingRefused:
            .init(
                "audit.reading-refused",
                "Einsicht in das Protokoll abgelehnt",
                "The policy did not let somebody read, answer a request for a name, hold or erase.",
                .reading,
                .accountability,
                .accountability,
                .refused,
                .warning,
                .whoOperates,
                .why,
                [.action, .filter]
            )
        case .logExported:
            .init(
                "audit.exported",
                "Protokoll ausgeleitet",
                "Records left the log; the count is how many.",
                .reading,
                .accountability,
                .accountability,
                .success,
                .notice,
                .whoOperates,
                [.purpose, .caseNumber, .filter, .format, .count]
            )
        case .reportMade:
            .init(
                "audit.report-made",
                "Monatsbericht erstellt",
                "Sums of a month were made, without persons.",
                .reading,
                .accountability,
                .accountability,
                .success,
                .info,
                .whoOperates,
                [.period, .count]
            )
        default: nil
        }
    }
}
