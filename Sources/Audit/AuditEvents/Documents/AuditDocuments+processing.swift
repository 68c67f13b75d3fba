// SPDX-License-Identifier: EUPL-1.2
// Torhaus: docs/audit/processing-activities.md, the record of processing activities (GDPR Art. 30), in German.

extension AuditDocuments {
    static let processingActivities: String =
        [
            "# Verzeichnis der Verarbeitungstätigkeiten: Protokollierung des Zugangs",
            notice,
            """
            Dieser Auszug nach Art. 30 DSGVO beschreibt, was Torhaus über Personen aufzeichnet, wozu und wie lange.
            Er wird aus dem Ereigniskatalog der Software erzeugt und kann daher nichts auslassen.
            Einträge in spitzen Klammern ergänzt der Verantwortliche.
            """,
            "## Verantwortliche und Betroffene",
            table(
                ["Angabe", "Inhalt"],
                [
                    ["Verantwortlicher", "‹Landkreis und beteiligte Gemeinden, Anschrift, Vertretung›"],
                    ["Datenschutzbeauftragte oder Datenschutzbeauftragter", "‹Kontakt›"],
                    [
                        "Betroffene",
                        "Beschäftigte mit Zugang zu virtuellen Arbeitsplätzen; Administration; Personen, die von außen Verbindungen aufbauen",
                    ],
                    [
                        "Empfänger",
                        "Sicherheitsverantwortliche des Landkreises; jede Gemeinde für ihre eigenen Einträge; ‹Betreiber des SIEM, falls angeschlossen›",
                    ],
                    ["Übermittlung in Drittländer", "keine"],
                    [
                        "Leistungs- oder Verhaltenskontrolle",
                        "ausgeschlossen; es gibt keine Auswertung der Arbeitszeit einer Person",
                    ],
                ]
            ),
            "## Zwecke",
            table(
                ["Zweck", "Grundlage (vom Verantwortlichen zu prüfen und um Landesrecht zu ergänzen)"],
                AuditPurpose.allCases.map { [$0.german, $0.basis] }
            ),
            "## Fristen",
            """
            Die Frist beginnt mit dem Zeitpunkt des Eintrags.
            Hier steht die Voreinstellung; `audit.retention` in `torhaus.yaml` ändert sie für alle Gemeinden gleich.
            Welche Fristen gelten, zeigt `torhaus check`; jede Änderung steht im Protokoll (GW5001I, GW7007I).
            Ausgenommen ist nur, was eine Löschsperre mit Zweck, Vorgangsnummer und Enddatum festhält.
            """,
            table(
                ["Klasse", "Tage (Voreinstellung)", "Ereignisse"],
                AuditRetention.allCases.map { retention in
                    let count = AuditKind.allCases.count { $0.definition.retention == retention }
                    return [retention.german, String(retention.defaultDays), String(count)]
                }
            ),
            "## Datenfelder",
            table(
                ["Feld", "Inhalt", "Wozu", "Personenbezug"],
                AuditKey.allCases.map { key in
                    let entry = key.register
                    return ["`\(key.rawValue)`", entry.german, entry.need, entry.privacy.german]
                }
            ),
            """
            Dazu kommen in jedem Eintrag Zeitpunkt, laufende Nummer, Art des Ereignisses, Ausgang, Gewicht, \
            Aufbewahrungsklasse und eine Zufallszahl.
            Niemals aufgezeichnet werden Kennwörter, Einmalkennwörter, Tastatureingaben, Bildschirminhalte, \
            Inhalte der Zwischenablage und Dateien; dafür gibt es kein Feld.
            """,
            "## Ereignisse",
            table(
                ["Code", "Ereignis", "Zweck", "Frist (Voreinstellung)", "Felder mit Personenbezug"],
                AuditKind.allCases.sorted { $0.rawValue < $1.rawValue }.map { kind in
                    let definition = kind.definition
                    let personal = definition.keys.filter { $0.register.privacy != .none }
                    return [
                        kind.rawValue, definition.title, definition.purpose.german,
                        "\(definition.retention.german), \(definition.retention.defaultDays) Tage",
                        personal.isEmpty
                            ? "keine" : personal.map { "`\($0.rawValue)`" }.joined(separator: ", "),
                    ]
                }
            ),
            "## Technische und organisatorische Maßnahmen",
            """
            - Das Protokoll enthält Pseudonyme, keine Namen; sie wechseln jeden Monat.
            - Die Zuordnung von Pseudonym und Name liegt getrennt und ist mit zwei Schlüsseln verschlossen, die zwei \
            Personen verschiedener Rollen gehören.
            - Wer das Protokoll liest, ausleitet oder einen Namen aufdeckt, steht selbst im Protokoll.
            - Nach Ablauf der Frist werden die Einträge gelöscht und die Schlüssel des Zeitraums vernichtet.
            - Nachträgliche Änderungen fallen auf: jeder Eintrag ist durch Prüfsummen und Signaturen gesichert, die \
            auch Dritte prüfen können.
            """,
        ].joined(separator: "\n\n") + "\n"
}
