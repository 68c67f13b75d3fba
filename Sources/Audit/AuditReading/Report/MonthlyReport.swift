// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the report of a month, for the data protection officer and the staff council, in German.

internal import AuditEvents

/// Sums of one month.
///
/// There is no report about one person, and nothing in this one is about fewer than five; how often the log was
/// read and names were opened is said in full, because that is what the readers of this report watch over.
package struct MonthlyReport: Sendable, Hashable {
    /// `2026-11`.
    package let month: String
    /// Kinds about the use of desktops: how often.
    let events: GroupedTable
    /// Municipalities: persons, sessions, refusals.
    let municipalities: GroupedTable
    /// Kinds about reading, names and erasure, and about the installation: how often.
    let watched: [(kind: AuditKind, count: Int)]
    /// Records the sums were made of.
    package let count: Int

    package static func == (left: MonthlyReport, right: MonthlyReport) -> Bool {
        left.german == right.german
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(german) }

    /// Markdown.
    package var german: String {
        let few = "weniger als \(SmallGroups.smallest) Personen, daher nicht ausgewiesen"
        var parts = [
            "# Protokollierung im Monat \(month)",
            """
            Dieser Bericht enthält nur Summen; keine Zeile betrifft weniger als \(SmallGroups.smallest) Personen.
            Kleinere Gruppen sind zusammengefasst oder weggelassen.
            """,
            "## Nutzung",
            Self.table(["Ereignis", "Anzahl"], events.rows.map { [$0.label, String($0.counts[0])] }),
        ]
        if let others = events.others {
            parts.append("Andere Ereignisse zusammen: \(others.counts[0]).")
        } else if 0 < events.merged {
            parts.append("Weitere Ereignisse betreffen \(few).")
        }
        parts += [
            "## Gemeinden",
            Self.table(
                ["Gemeinde", "Personen", "Sitzungen", "Ablehnungen"],
                municipalities.rows.map { row in
                    [row.label, String(row.persons.count)] + row.counts.map(String.init)
                }
            ),
        ]
        if let others = municipalities.others {
            parts.append(
                """
                Übrige Gemeinden zusammen: \(others.persons.count) Personen, \(others.counts[0]) Sitzungen, \
                \(others.counts[1]) Ablehnungen.
                """
            )
        } else if 0 < municipalities.merged {
            parts.append("Die übrigen Gemeinden haben zusammen \(few).")
        }
        parts += [
            "## Eingriffe, Einsicht, Aufdeckung, Löschung und Betrieb",
            Self.table(
                ["Ereignis", "Anzahl"],
                watched.map { ["\($0.kind.definition.title) (\($0.kind.rawValue))", String($0.count)] }
            ),
        ]
        return parts.joined(separator: "\n\n") + "\n"
    }

    private static func table(_ head: [String], _ rows: [[String]]) -> String {
        guard !rows.isEmpty else { return "keine" }
        return ([head, head.map { _ in "---" }] + rows)
            .map { "| " + $0.joined(separator: " | ") + " |" }
            .joined(separator: "\n")
    }
}
