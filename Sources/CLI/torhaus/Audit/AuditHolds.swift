// SPDX-License-Identifier: EUPL-1.2
// Torhaus: `torhaus audit hold` and `holders`.

import ArgumentParser
import AuditEvents
import AuditIdentity
import AuditReading
import Glibc
import LinuxKit

struct AuditHolds: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold",
        abstract: "Keeps records or names beyond their retention, with a purpose and an end.",
        subcommands: [Place.self, Lift.self, List.self]
    )

    struct Place: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Places a hold; a holder's key is needed.")
        @OptionGroup var files: FileOptions
        @OptionGroup var reason: CaseOptions

        @Option(name: .customLong("log"), help: "The log whose records are kept, as its checkpoint names it.")
        var origin: String?

        @Option(name: .long, help: "The first record that is kept.")
        var first: UInt64?

        @Option(name: .long, help: "The first record behind them.")
        var next: UInt64?

        @Option(name: .long, help: "A period of pseudonyms that is kept, such as p2026-11.")
        var period: String?

        @Option(name: .long, help: "How long.")
        var days: UInt64

        @Option(name: .long, help: "Your account name and your private key, HOLDER:FILE.")
        var key: HolderKeyOption

        func run() throws {
            var range: Range<UInt64>?
            if let first, let next, first < next { range = first..<next }
            guard range != nil || (first == nil && next == nil) else {
                throw ValidationError("--first must be below --next.")
            }
            let wanted = period.map { PseudonymPeriod($0) }
            if let wanted, wanted == nil { throw ValidationError("A period looks like p2026-11.") }
            let key = try key.load()
            let places = try AuditPlaces(files)
            // A range or a month holds records of every municipality.
            try places.expectCounty(.retainAudit, filter: "hold place")
            let vault = try places.vault()
            let (kept, named, days, why, subject) = (range, origin ?? "", days, reason.why, places.subject)
            let hold = try Waiting.run {
                try await vault.placeHold(
                    range: kept,
                    origin: named,
                    period: wanted ?? nil,
                    why: why,
                    days: days,
                    with: key,
                    by: subject
                )
            }
            Terminal.say("hold \(hold.id) until \(AuditTime.text(hold.expires))")
        }
    }

    struct Lift: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Ends a hold before its time.")
        @OptionGroup var files: FileOptions

        @Argument(help: "The hold's number.")
        var hold: String

        @Option(name: .long, help: "Your account name and your private key, HOLDER:FILE.")
        var key: HolderKeyOption

        func run() throws {
            let key = try key.load()
            let places = try AuditPlaces(files)
            try places.expectCounty(.retainAudit, filter: "hold lift \(hold)")
            let vault = try places.vault()
            let (hold, subject) = (hold, places.subject)
            try Waiting.run { try await vault.liftHold(hold, with: key, by: subject) }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the holds.")
        @OptionGroup var files: FileOptions

        func run() throws {
            let places = try AuditPlaces(files)
            try places.expectCounty(.retainAudit, filter: "holds")
            let vault = try places.vault()
            let holds = try Waiting.run { try await vault.holds() }
            try places.noteListing("holds", count: holds.count)
            for placed in holds {
                let hold = placed.hold
                let range = hold.range.map { "\(hold.origin) \($0.lowerBound)..<\($0.upperBound)" } ?? ""
                Terminal.say(
                    """
                    \(hold.id)  \(range) \(hold.period)  until \(AuditTime.text(hold.expires))  \
                    \(placed.why.purpose) (\(placed.why.number))
                    """
                )
            }
        }
    }
}

struct AuditHolders: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "holders",
        abstract: "Lists or writes who holds the keys that open names.",
        discussion: """
            A key is made with: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -aes256 -out my.key
            Its public half with:    openssl pkey -in my.key -pubout -out my.pub
            Names that are sealed already stay sealed for the holders of their time.
            """,
        subcommands: [List.self, Write.self]
    )

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the holders of a register.")

        @Argument(help: "The register.")
        var register = "/etc/torhaus/holders.json"

        func run() throws {
            do {
                let file = try SmallFile.read(register, limit: HolderRegister.fileLimit)
                for holder in try HolderRegister(json: file, calls: .system).holders {
                    Terminal.say("\(holder.role)  \(holder.holder)")
                }
            } catch {
                throw auditFailure("\(error)")
            }
        }
    }

    struct Write: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Writes a register of at least two holders of different roles."
        )

        @Argument(help: "The register.")
        var register = "/etc/torhaus/holders.json"

        @Option(name: .long, help: "ROLE:HOLDER:FILE with the public key; once for each holder.")
        var holder: [String]

        func run() throws {
            do {
                let holders = try holder.map { text in
                    let parts = text.split(separator: ":", maxSplits: 2).map(String.init)
                    guard parts.count == 3 else { throw ValidationError("Expected ROLE:HOLDER:FILE.") }
                    let key = try SmallFile.read(parts[2], limit: HolderRegister.fileLimit)
                    return KeyHolder(
                        holder: parts[1],
                        role: parts[0],
                        publicKey: String(decoding: key, as: UTF8.self)
                    )
                }
                let made = try HolderRegister(holders, calls: .system)
                try AtomicFile.write(String(decoding: made.encoded(), as: UTF8.self) + "\n", to: register)
            } catch let error as ValidationError {
                throw error
            } catch {
                throw auditFailure("\(error)")
            }
        }
    }
}
