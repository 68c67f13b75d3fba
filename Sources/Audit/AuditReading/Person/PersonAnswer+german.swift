// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the answer as a letter in German, with everything Article 15 asks for.

package import AuditEvents

extension PersonAnswer {
    /// Markdown; `clock` shows a time in milliseconds since 1970 as people here read it.
    package func german(
        retention: (AuditRetention) -> Int = { $0.defaultDays },
        clock: (UInt64) -> String = { AuditTime.text($0) }
    ) -> String {
        let entries = own + interventions + readings
        let classes = AuditRetention.allCases.filter { one in
            entries.contains { $0.retention == one.rawValue }
        }
        let kinds = AuditKind.allCases.filter { kind in entries.contains { $0.code == kind.rawValue } }
        let purposes = AuditPurpose.allCases.filter { one in
            kinds.contains { $0.definition.purpose == one }
        }
        let keys = AuditKey.allCases.filter { key in
            entries.contains { entry in entry.fields.contains { $0.key == key.rawValue } }
        }
        var parts = [
            "# Auskunft nach Art. 15 DSGVO",
            """
            Person: \(person)
            Erstellt: \(clock(made))
            Vorgang: \(why.number)
            """,
            """
            Diese Auskunft umfasst alles, was das Protokoll des Zugangs zu den virtuellen Arbeitsplätzen über Sie enthält.
            Daten anderer Personen sind weggelassen.
            """,
            "## Zwecke",
            Self.list(purposes.map(\.german)),
            "## Kategorien von Daten",
            Self.list(keys.map { "\($0.register.german) (\($0.register.need))" }),
            "## Empfänger",
            """
            Die Einträge sehen die Sicherheitsverantwortlichen des Landkreises und Ihrer Gemeinde, ohne Ihren Namen zu sehen.
            Wann Ihr Name aufgedeckt wurde, steht unter „Einsicht in Ihre Daten“.
            Eine Übermittlung in Drittländer findet nicht statt.
            """,
            "## Speicherdauer",
            Self.list(classes.map { "\($0.german): \(retention($0)) Tage ab dem Eintrag" }),
            "## Ihre Rechte",
            """
            Sie haben das Recht auf Berichtigung, Löschung und Einschränkung der Verarbeitung sowie auf Widerspruch.
            Sie können sich bei der Datenschutzaufsicht Ihres Landes beschweren.
            """,
            "## Herkunft der Daten",
            "Die Daten entstehen bei der Benutzung des Zugangs; andere Quellen gibt es nicht.",
            "## Automatisierte Entscheidungen",
            """
            Ob ein Zugang gewährt wird, entscheiden feste Regeln Ihrer Gemeinde, zum Beispiel Arbeitszeiten und Gruppen.
            Profile werden nicht gebildet.
            """,
            "## Ihre Nutzung (\(own.count))",
            Self.lines(own, clock),
            "## Eingriffe der Administration in Ihre Sitzungen (\(interventions.count))",
            Self.lines(interventions, clock),
            "## Einsicht in Ihre Daten (\(readings.count))",
            Self.lines(readings, clock),
        ]
        if pseudonyms.isEmpty {
            parts.insert("Es sind keine Daten über Sie gespeichert.", at: 3)
        }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private static func list(_ lines: [String]) -> String {
        lines.isEmpty ? "keine" : lines.map { "- \($0)" }.joined(separator: "\n")
    }

    private static func lines(_ entries: [PersonEntry], _ clock: (UInt64) -> String) -> String {
        list(
            entries.map { entry in
                let fields = entry.fields.map { field in
                    let name = AuditKey(rawValue: field.key)?.register.german ?? field.key
                    return "\(name): \(text(field.value))"
                }
                return ([clock(entry.milliseconds), entry.title] + fields).joined(separator: "; ")
            }
        )
    }

    private static func text(_ value: AuditEvent.Value) -> String {
        switch value {
        case .text(let text): text
        case .number(let number): String(number)
        case .flag(let flag): flag ? "ja" : "nein"
        case .list(let texts): texts.joined(separator: ", ")
        }
    }
}
