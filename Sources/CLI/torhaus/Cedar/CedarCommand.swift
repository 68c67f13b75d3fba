// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the policy language by itself, for those who want to check it.

import ArgumentParser

struct CedarCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cedar",
        abstract: "Parses, validates and decides by plain Cedar policies.",
        discussion: "These commands need neither the configuration nor a running torhausd.",
        subcommands: [CedarAuthorize.self, CedarValidate.self, CedarBatchCommand.self]
    )
}
