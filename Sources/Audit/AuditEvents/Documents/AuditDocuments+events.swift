// SPDX-License-Identifier: EUPL-1.2
// Torhaus: docs/audit/events.md, for whoever reads the log or feeds it into a SIEM.

extension AuditDocuments {
    static let events: String =
        [
            "# Events",
            notice,
            """
            Every line of the log is one event of this catalogue, as JSON with its keys in a fixed order.
            The Merkle leaf is exactly these bytes, without the line feed; OCSF, ECS and CSV are derived from it.
            A line has at most \(AuditLine.longest) bytes, a text at most \(AuditKey.longestText), a list at most \
            \(AuditKey.longestList) texts.
            If a line would be longer, its texts are cut further and it says `"cut":true`.
            No event carries a password, a one-time code, a cookie, a ticket, clipboard content, a key press or \
            what is on a screen; there is no field for it.
            """,
            "## Envelope",
            table(
                ["key", "holds"],
                [
                    ["`time`", "when it happened, RFC 3339 in UTC with milliseconds"],
                    ["`seq`", "number in its log, without gaps"],
                    ["`event_code`", "stable code; its last letter is I, W or E"],
                    ["`event`", "stable name"],
                    ["`category`", list(AuditCategory.allCases.map(\.rawValue))],
                    ["`outcome`", list(AuditEvent.Outcome.allCases.map(\.rawValue))],
                    ["`severity`", list(AuditEvent.Severity.allCases.map(\.rawValue))],
                    ["`retention`", list(AuditRetention.allCases.map(\.rawValue))],
                    ["`cut`", "only when texts were cut to make the line fit"],
                    [
                        "`salt`",
                        "\(AuditLine.saltLength) random bytes, so that an erased line cannot be guessed from its hash",
                    ],
                ]
            ),
            "## Fields",
            table(
                ["key", "holds", "says about a person"],
                AuditKey.allCases.map { key in
                    let entry = key.register
                    return ["`\(key.rawValue)`", entry.meaning, english(entry.privacy)]
                }
            ),
            "## Retention",
            "`audit.retention` in torhaus.yaml sets other numbers of days.",
            table(
                ["class", "days by default", "what it is for"],
                AuditRetention.allCases.map { retention in
                    let purposes = AuditPurpose.allCases.filter { purpose in
                        AuditKind.allCases.contains {
                            $0.definition.retention == retention && $0.definition.purpose == purpose
                        }
                    }
                    return [
                        "`\(retention.rawValue)`", String(retention.defaultDays),
                        purposes.map(\.english).joined(separator: "; "),
                    ]
                }
            ),
            AuditCategory.allCases.map(section).joined(separator: "\n\n"),
        ].joined(separator: "\n\n") + "\n"

    private static func section(_ category: AuditCategory) -> String {
        "## Category `\(category.rawValue)`\n\n" + kinds(of: category).map(entry).joined(separator: "\n\n")
    }

    private static func entry(_ kind: AuditKind) -> String {
        let definition = kind.definition
        let keys = definition.keys.map { "`\($0.rawValue)`" }.joined(separator: ", ")
        return """
            ### \(kind.rawValue) `\(definition.name)`

            \(definition.meaning)
            Outcome \(definition.outcome.rawValue), severity \(definition.severity.rawValue), \
            retention \(definition.retention.rawValue); recorded to \(definition.purpose.english).
            Fields: \(keys).
            """
    }

    private static func list(_ words: [String]) -> String { words.map { "`\($0)`" }.joined(separator: ", ") }

    private static func english(_ privacy: AuditPrivacy) -> String {
        switch privacy {
        case .none: "nothing"
        case .linked: "something about the person of the pseudonym"
        case .address: "a device; shortened in views after 7 days"
        case .name: "a name; the log has a pseudonym instead"
        }
    }
}
