// SPDX-License-Identifier: EUPL-1.2
// Torhaus: `torhaus audit prove`, `verify` and `init`.

import ArgumentParser
import AuditEvents
import AuditLog
import AuditReading
import CountyConfiguration
import Glibc
import LinuxKit
import MerkleLog

struct AuditProve: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Writes the evidence that a record is in the log (C2SP tlog-proof), and the record.",
        discussion: """
            Makes INDEX.tlog-proof and INDEX.json in the folder. With these two files and the public key anybody can \
            verify the record, without this tool: docs/audit/verify.md.
            """
    )

    @OptionGroup var files: FileOptions
    @OptionGroup var reason: CaseOptions

    @Argument(help: "The record's number.")
    var index: UInt64

    @Option(name: .customLong("log"), help: "The log's folder name, such as 2026; the newest otherwise.")
    var folderName: String?

    @Option(name: .long, help: "Where the two files go.")
    var output = "."

    func run() throws {
        let paths = ["tlog-proof", "json"].map { "\(output)/\(index).\($0)" }
        for path in paths { try OutputFile.expectRoom(path) }
        let places = try AuditPlaces(files)
        try places.expectCounty(.exportAudit, filter: "record \(index)", hint: "torhaus audit export")
        let archives = try places.archives()
        var chosen = archives.last
        if let folderName { chosen = archives.first { $0.folderName == folderName } }
        guard let archive = chosen else { throw auditFailure("there is no such log") }
        let (size, number) = (try archive.size(), index)
        guard number < size else { throw auditFailure("the log has \(size) records") }
        guard let line = try archive.line(number) else { throw auditFailure("record \(number) was erased") }
        let record = try places.recorder()
        let event = AuditEvent.logExported(
            places.subject,
            why: reason.why,
            filter: "\(archive.origin) \(number)",
            format: "tlog-proof",
            count: 1
        )
        try Waiting.run { try await record(event) }
        let contents = [try archive.proof(of: number), line]
        try places.asCaller {
            for (path, bytes) in zip(paths, contents) { try OutputFile.write(bytes, to: path) }
        }
        Terminal.say(paths.joined(separator: ", "))
    }
}

struct AuditVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verifies a whole log, or a copy of one, with its public key.",
        discussion: """
            Without a folder every log of this machine is verified with the key that lies beside it; an auditor \
            brings the key that was printed when the log began. It shows sums and no record, so nobody is asked.
            """
    )

    @OptionGroup var files: FileOptions

    @Argument(help: "A log's folder, or a copy of it.")
    var directory: String?

    @Option(name: .long, help: "The log's public key, NAME+ID+BASE64; that of the folder otherwise.")
    var key: String?

    @Option(name: .long, help: "A witness's public key; may be given several times.")
    var witness: [String] = []

    func run() throws {
        let directories: [String]
        if let directory {
            directories = [directory]
        } else {
            directories = try AuditPlaces(files).archives().map(\.directory)
        }
        guard key == nil || directories.count == 1 else {
            throw ValidationError("A key belongs to one log: name its folder.")
        }
        var isGood = true
        for directory in directories {
            let result = try Self.verify(directory, key: key, witnesses: witness)
            for finding in result.findings { Terminal.complain("error: \(directory)/\(finding)") }
            Terminal.say(
                """
                \(directory): \(Terminal.count(Int(clamping: result.verified), "record")) verified, \
                \(result.pruned) erased, of \(result.size); root \(result.root.base64)
                """
            )
            for one in result.witnesses {
                Terminal.say("  cosigned by \(one.key.name)")
            }
            if key == nil {
                Terminal.complain(
                    "warning: the key beside the log was used; whoever can change one can change both"
                )
            }
            isGood = isGood && result.isGood
        }
        guard isGood else { throw Ending.problem }
    }

    private static func verify(
        _ directory: String,
        key: String?,
        witnesses: [String]
    ) throws -> LogVerification {
        do {
            let verifier =
                try key.map { try VerifierKey(text: $0, LogCrypto.hasher) }
                ?? LogKey.verifier(in: directory)
            return try LogVerifier.verify(
                directory,
                by: verifier,
                witnesses: try witnesses.map { try VerifierKey(text: $0, LogCrypto.hasher) }
            )
        } catch {
            throw auditFailure("\(directory): \(error)")
        }
    }
}

struct AuditInit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Begins the log of this year and prints its public key.",
        discussion: """
            Run it once, before torhaus-auditd starts for the first time; later years begin by themselves. \
            Give the printed key to everybody who will verify the log.
            """
    )

    @OptionGroup var files: FileOptions

    func run() throws {
        let loaded: Configuration
        do throws(ConfigurationError) {
            loaded = try Configuration.load(files.config, certificates: .none)
        } catch {
            throw auditFailure("the configuration has mistakes", hint: "torhaus check")
        }
        let user = try owner(named: loaded.users.audit)
        do {
            for (path, mode) in [(loaded.audit.logs, 0o750), (loaded.audit.state, 0o700)]
                as [(String, UInt32)]
            where !Folder.exists(path) {
                try Folder.create(path, mode: mode)
                guard geteuid() != 0 || chown(path, user.user, user.group) == 0 else {
                    throw auditFailure("chown \(path): \(String(cString: strerror(errno)))")
                }
            }
            let audit = try AuditPlaces(files).audit
            let year = AuditTime.text(Clock.wallMilliseconds()).prefix(4)
            let place = try LogPlace(origin: "\(audit.origin)/\(year)", logs: audit.logs, states: audit.state)
            print(try LogCreation.create(place).text)
        } catch let ending as ExitCode {
            throw ending
        } catch {
            throw auditFailure("\(error)")
        }
    }

    private func owner(named name: String) throws -> DatabaseUser {
        do throws(SystemError) {
            if let user = try UserDatabase.user(named: name) { return user }
        } catch {
            throw auditFailure(
                "nobody knows whether there is a user \(name): \(error)",
                hint: "getent passwd \(name)"
            )
        }
        throw auditFailure("this machine has no user \(name)")
    }
}
