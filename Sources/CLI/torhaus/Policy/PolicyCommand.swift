// SPDX-License-Identifier: EUPL-1.2
// Torhaus: questions to the rules of access.

import ArgumentParser

struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Shows, checks and compares the rules of access.",
        discussion: """
            These commands read the configuration themselves and need no running torhausd.
            Exit status: 0 all is well, 1 a problem was found, 2 refused or different.
            """,
        subcommands: [
            PolicyShow.self, PolicyCheckCommand.self, PolicyExplain.self, PolicyWhoCan.self,
            PolicyWhatCan.self,
            PolicyTest.self, PolicyDiffCommand.self, PolicyReplay.self,
        ]
    )

    /// The answer is no, or the two sets differ.
    static let different = ExitCode(2)
}

/// What all of these commands understand.
struct PolicyOptions: ParsableArguments {
    @OptionGroup var files: FileOptions

    @Flag(name: .long, help: "Print JSON for programs.")
    var json = false
}
