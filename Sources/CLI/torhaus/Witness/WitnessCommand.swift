// SPDX-License-Identifier: EUPL-1.2
// Torhaus: `torhaus witness`: the machine of a neighbour, an auditor or a staff council that signs that a log only grows.

import ArgumentParser
import AuditWitness
import LinuxKit
import MerkleLog

struct Witness: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "witness",
        abstract: "Witnesses the audit logs of others (C2SP tlog-witness).",
        discussion: """
            A witness holds a key of its own and remembers the last checkpoint of each log it watches.
            It signs a new one only when the log proves that it merely grew.
            """,
        subcommands: [Init.self, Watch.self, Serve.self]
    )

    struct Place: ParsableArguments {
        @Option(name: .long, help: ArgumentHelp("Key and memory of the witness.", valueName: "folder"))
        var directory = "/var/lib/torhaus-witness"
    }

    struct Init: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes the witness's key and prints its public key, for the policies of the logs."
        )

        @OptionGroup var place: Place

        @Argument(help: "A name such as witness.county.example/w1.")
        var name: String

        func run() throws {
            try Witness.attempt {
                Terminal.say(try WitnessStore.create(place.directory, name: name).text)
            }
        }
    }

    struct Watch: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Adds a log by its public key; restart the witness afterwards."
        )

        @OptionGroup var place: Place

        @Argument(help: "The line that `torhaus audit init` printed, as a whole.")
        var key: String

        func run() throws {
            try Witness.attempt { try WitnessStore.watch(place.directory, log: key) }
        }
    }

    struct Serve: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Serves until SIGTERM; plain HTTP, for a proxy with TLS before it."
        )

        @OptionGroup var place: Place

        @Option(name: .long, help: ArgumentHelp("Literal address to listen on.", valueName: "address"))
        var address = "127.0.0.1"

        @Option(name: .long, help: "Port to listen on.")
        var port: UInt16 = 8811

        func run() throws {
            try Witness.attempt {
                // Before any thread: signals are blocked for all of them.
                let stop = try StopRequest()
                let store = try WitnessStore(place.directory)
                guard let listening = NetworkAddress(numeric: address, port: port) else {
                    throw WitnessError(.setup, "\(address) is no literal address")
                }
                let listener = try TCPListener.listen(on: listening, reusePort: false)
                Terminal.complain("\(store.key.name) watches \(store.logs.count) logs at \(listening)")
                let server = WitnessServer(store: store) { Terminal.complain($0) }
                stop.withRaw { server.run(listener: listener, stopDescriptor: $0) }
            }
        }
    }

    private static func attempt(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch {
            Terminal.complain("torhaus witness: \(error)")
            throw Ending.problem
        }
    }
}
