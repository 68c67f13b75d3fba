// SPDX-License-Identifier: EUPL-1.2
// Torhaus: `torhaus audit reveal`: a name opens for two holders of different roles.

import ArgumentParser
import AuditEvents
import AuditIdentity
import AuditReading

struct AuditReveal: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reveal",
        abstract: "Opens the name behind a pseudonym, when two holders of different roles agree.",
        subcommands: [Request.self, Approve.self, Refuse.self, List.self]
    )

    struct Request: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Asks for a name.")
        @OptionGroup var files: FileOptions
        @OptionGroup var reason: CaseOptions

        @Argument(help: "The pseudonym, as records show it.")
        var pseudonym: String

        @Option(name: .long, help: "So long the holders have time.")
        var hours: UInt64 = IdentityVault.defaultRequestHours

        func run() throws {
            let places = try AuditPlaces(files)
            // A municipality asks for those who are in its own records.
            try places.expectPerson(pseudonym, .revealPseudonym, filter: pseudonym)
            let (pseudonym, why, hours, subject) = (pseudonym, reason.why, hours, places.subject)
            let vault = try places.vault()
            let request = try Waiting.run {
                try await vault.requestName(of: pseudonym, why: why, by: subject, hours: hours)
            }
            Terminal.say("request \(request.id), open until \(AuditTime.text(request.expires))")
            Terminal.say(
                "two holders of different roles must agree: \(request.waitingFor.joined(separator: ", "))"
            )
        }
    }

    struct Approve: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Agrees with your key; the second of two roles is shown the name."
        )
        @OptionGroup var files: FileOptions

        @Argument(help: "The request's number.")
        var request: String

        @Option(name: .long, help: "Your account name and your private key, HOLDER:FILE.")
        var key: HolderKeyOption

        func run() throws {
            let key = try key.load()
            let places = try AuditPlaces(files)
            let vault = try places.vaultForAnswer(to: request)
            let (request, subject) = (request, places.subject)
            switch try Waiting.run({ try await vault.approve(request, with: key, by: subject) }) {
            case .waiting(let roles):
                Terminal.say("agreed; one of these roles must agree too: \(roles.joined(separator: ", "))")
            case .revealed(let name):
                Terminal.complain("shown once, and recorded:")
                Terminal.say(name)
            }
        }
    }

    struct Refuse: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Says no; the request is gone.")
        @OptionGroup var files: FileOptions

        @Argument(help: "The request's number.")
        var request: String

        func run() throws {
            let places = try AuditPlaces(files)
            let vault = try places.vaultForAnswer(to: request)
            let (request, subject) = (request, places.subject)
            try Waiting.run { try await vault.refuse(request, by: subject) }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the requests that wait.")
        @OptionGroup var files: FileOptions

        func run() throws {
            let places = try AuditPlaces(files)
            let scope = try places.scope(.answerReveal, filter: "requests for names")
            let vault = try places.vault()
            var requests = try Waiting.run { try await vault.requests() }
            if scope != .county {
                let (reader, all) = (try places.reader(), requests)
                requests = try Waiting.run {
                    var known: [RevealRequest] = []
                    for request in all where try await reader.knows(request.pseudonym, in: scope) {
                        known.append(request)
                    }
                    return known
                }
            }
            try places.noteListing("requests for names", count: requests.count)
            for request in requests {
                Terminal.say(
                    """
                    \(request.id)  \(request.pseudonym)  \(request.why.purpose) (\(request.why.number))  \
                    by \(request.requester), until \(AuditTime.text(request.expires))  \
                    agreed: \(request.approved.map(\.role) ?? "nobody")
                    """
                )
            }
        }
    }
}

extension AuditPlaces {
    /// The vault, for somebody who may answer this request.
    fileprivate func vaultForAnswer(to request: String) throws -> IdentityVault {
        let filter = "request \(request)"
        _ = try scope(.answerReveal, filter: filter)
        let vault = try vault()
        // A request that is not there is refused by the vault, in its own words.
        if let found = try Waiting.run({ try await vault.requests() }).first(where: { $0.id == request }) {
            try expectPerson(found.pseudonym, .answerReveal, filter: filter)
        }
        return vault
    }

    /// Looking at what waits or is held is reading, so it is on record first.
    func noteListing(_ what: String, count: Int) throws {
        let record = try recorder()
        let event = AuditEvent.logSearched(subject, why: nil, filter: what, count: count)
        try Waiting.run { try await record(event) }
    }
}
