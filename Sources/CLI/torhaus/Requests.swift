// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the subcommands that ask torhausd.

import ArgumentParser
import ControlSocket
import CountyConfiguration
import DaemonMessages
import Glibc

/// Where torhausd listens.
struct SocketOptions: ParsableArguments {
    @OptionGroup var files: FileOptions

    @Option(
        name: .long,
        help: ArgumentHelp("The control socket; that of the configuration otherwise.", valueName: "path")
    )
    var socket: String?

    /// A configuration with mistakes does not keep the operator from the daemon that still runs with the old one.
    private var path: String {
        if let socket { return socket }
        let paths = Configuration.paths(files.config) ?? Configuration.Paths()
        return paths.controlSocket
    }

    /// Asks, prints the reply and ends accordingly.
    func ask(_ request: OperatorRequest) throws {
        let path = path
        var request = request
        // torhausd sees the account at the other end; who acts through root's, it is told.
        if geteuid() == 0 {
            let origin = try CallerOrigin.present()
            request.claimed = origin.person == origin.account ? "" : origin.person
        }
        let reply: OperatorReply
        do throws(ControlClientError) {
            reply = try ControlClient(path: path).ask(request)
        } catch {
            Terminal.complain("error: torhausd does not answer: \(error)")
            Terminal.complain("  hint: systemctl status torhausd; journalctl -u torhausd -n 20")
            throw Ending.unavailable
        }
        let text = reply.text.hasSuffix("\n") ? String(reply.text.dropLast()) : reply.text
        guard reply.succeeded else {
            Terminal.complain("error: \(text)")
            throw Ending.problem
        }
        if !text.isEmpty { Terminal.say(text) }
    }
}

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Shows how torhausd and what it needs are.")
    @OptionGroup var options: SocketOptions

    func run() throws {
        try options.ask(OperatorVerb.status.request())
    }
}

struct Sessions: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists who is at which desktop.")
    @OptionGroup var options: SocketOptions

    func run() throws {
        try options.ask(OperatorVerb.sessions.request())
    }
}

struct Terminate: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Ends a session now.")
    @OptionGroup var options: SocketOptions
    @Argument(help: "As `torhaus sessions` shows it.")
    var session: String

    func run() throws {
        try options.ask(OperatorVerb.terminate.request(session))
    }
}

struct Message: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows a text to the person at a desktop, where the client can."
    )
    @OptionGroup var options: SocketOptions
    @Argument(help: "As `torhaus sessions` shows it.")
    var session: String
    @Argument(help: "What to show; several words are put together.")
    var text: [String]

    func run() throws {
        try options.ask(OperatorVerb.message.request(session, text.joined(separator: " ")))
    }

    /// The limit is that of the message to torhausd; a text would be cut silently.
    func validate() throws {
        guard text.joined(separator: " ").utf8.count <= FrameLimits.argument else {
            throw ValidationError("The text has more than \(FrameLimits.argument) bytes.")
        }
    }
}

struct Reauthenticate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Asks a session's client to prove itself again."
    )
    @OptionGroup var options: SocketOptions
    @Argument(help: "As `torhaus sessions` shows it.")
    var session: String

    func run() throws {
        try options.ask(OperatorVerb.reauthenticate.request(session))
    }
}

struct Why: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows what was decided behind a reference that a person was shown."
    )
    @OptionGroup var options: SocketOptions
    @Argument(help: "Such as R-7F3K-Q2.")
    var reference: String

    func run() throws {
        try options.ask(OperatorVerb.why.request(reference))
    }
}
