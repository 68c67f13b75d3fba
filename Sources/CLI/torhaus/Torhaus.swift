// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the operator's tool. It checks the configuration, renders the daemons' settings and speaks to torhausd; it decides nothing itself.

import ArgumentParser

@main
struct Torhaus: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "torhaus",
        abstract: "Checks and operates the gateway to the municipalities' desktops.",
        discussion: """
            Exit status:
              0   all is well
              1   a problem was found, or torhausd refused
              2   policy: refused, or something is different
              64  the command line is wrong
              69  torhausd does not answer
            """,
        version: Version.text,
        subcommands: [
            Check.self, Render.self, Status.self, Sessions.self, Terminate.self, Message.self,
            Reauthenticate.self, Why.self, Witness.self, AuditCommand.self, CedarCommand.self,
            PolicyCommand.self, ShowVersion.self,
        ]
    )

    @OptionGroup var files: FileOptions
}

/// Where things lie; understood before and after the subcommand.
struct FileOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The county's configuration.", valueName: "file"))
    var config = "/etc/torhaus/torhaus.yaml"
}

/// Which version this is.
enum Version {
    static let text = "0.1.0"
}

struct ShowVersion: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Prints the version.")

    func run() {
        print("torhaus \(Version.text)")
    }
}
