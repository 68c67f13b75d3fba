// SPDX-License-Identifier: EUPL-1.2
// Torhaus: `torhaus audit`, for those who read the log, prove it, and answer for it.

import ArgumentParser
import AuditEvents

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Reads and proves the audit log, opens names for two holders, erases what is over.",
        discussion: """
            Run it with sudo: it becomes the log's own user before it touches a file, and records who called it.
            Reading is recorded before anything is shown; without the log's daemon there is no reading.
            Times are UTC: 2026-11-15, 2026-11-15T07:30, or 36h and 7d for so long ago.
            """,
        subcommands: [
            AuditSearch.self, AuditTail.self, AuditShow.self, AuditExport.self, AuditReport.self,
            AuditProve.self, AuditVerify.self, AuditReveal.self, AuditPerson.self, AuditHolds.self,
            AuditPrune.self, AuditHolders.self, AuditInit.self, AuditIndex.self, AuditCatalogue.self,
        ]
    )
}

struct AuditCatalogue: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalogue",
        abstract: "Prints a page that is made from the catalogue of events."
    )

    @Option(name: .long, help: "events, or processing-activities (German).")
    var page = "events"

    func run() throws {
        guard let found = AuditDocuments.pages.first(where: { $0.name == "\(page).md" }) else {
            throw ValidationError("There is no page \(page).")
        }
        print(found.text, terminator: "")
    }
}
