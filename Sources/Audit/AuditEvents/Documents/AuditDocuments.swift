// SPDX-License-Identifier: EUPL-1.2
// Torhaus: pages that are made from the catalogue, so that they cannot say something else than the code does.

/// Makes the pages; a test compares them with those in docs/audit.
package enum AuditDocuments {
    /// Every page by its file name in docs/audit.
    package static let pages: [(name: String, text: String)] = [
        ("events.md", events), ("processing-activities.md", processingActivities),
    ]

    static let notice = "<!-- Made by `torhaus audit catalogue`; change the catalogue, not this page. -->"

    /// A table in Markdown; bars inside cells are escaped.
    static func table(_ head: [String], _ rows: [[String]]) -> String {
        let lines = [head, head.map { _ in "---" }] + rows
        return lines.map { cells in
            "| " + cells.map { escape($0) }.joined(separator: " | ") + " |"
        }.joined(separator: "\n")
    }

    private static func escape(_ cell: String) -> String {
        var text = ""
        for character in cell { text += character == "|" ? "\\|" : String(character) }
        return text
    }

    /// The events of one category in the order of their codes.
    static func kinds(of category: AuditCategory) -> [AuditKind] {
        AuditKind.allCases.filter { $0.definition.category == category }
            .sorted { $0.rawValue < $1.rawValue }
    }
}
