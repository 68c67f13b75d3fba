// SPDX-License-Identifier: EUPL-1.2
// Torhaus: where the audit log of this machine is, and how this tool may touch it.

import AccessPolicy
import ArgumentParser
import AuditClient
import AuditEvents
import AuditIdentity
import AuditLog
import AuditReading
import CountyConfiguration
import DaemonSettings
import Glibc
import LinuxKit
import Sessions

/// Says what went wrong, and ends with 1.
func auditFailure(_ text: String, hint: String? = nil) -> ExitCode {
    Terminal.complain("error: \(text)")
    if let hint { Terminal.complain("  hint: \(hint)") }
    return Ending.problem
}

/// The places of the configuration, reached as the log's own user.
struct AuditPlaces {
    let audit: Configuration.Audit
    /// Names of the county's municipalities.
    let municipalities: [String]
    private let caller: AuditCaller
    private let loaded: Configuration
    /// The log's own user called, as its nightly timer does.
    let isCalledByTheLog: Bool

    /// Reads the configuration, then becomes the owner of the log's state.
    ///
    /// Files that only the caller may read, such as keys of holders, are read before this.
    init(_ files: FileOptions) throws {
        do throws(ConfigurationError) {
            loaded = try Configuration.load(files.config, certificates: .none)
        } catch {
            throw auditFailure("the configuration has mistakes", hint: "torhaus check")
        }
        audit = loaded.audit
        municipalities = loaded.municipalities.map(\.name)
        caller = try AuditCaller()
        try Self.become(ownerOf: audit.state)
        isCalledByTheLog = getuid() != 0 && getuid() == geteuid() && caller.isUnattended
    }

    /// A file that root makes in a directory of the log's user would shut its daemon out.
    private static func become(ownerOf directory: String) throws {
        var status = stat()
        guard stat(directory, &status) == 0 else {
            throw auditFailure(
                "\(directory): \(String(cString: strerror(errno)))",
                hint: "torhaus audit init, or is this the machine that writes the log?"
            )
        }
        guard geteuid() != status.st_uid else { return }
        guard geteuid() == 0 else {
            throw auditFailure("the log belongs to another user", hint: "use sudo")
        }
        guard setgroups(0, nil) == 0, setegid(status.st_gid) == 0, seteuid(status.st_uid) == 0 else {
            throw auditFailure("cannot become the log's user: \(String(cString: strerror(errno)))")
        }
    }

    /// Runs something as the caller again: the caller's own files.
    func asCaller<Value>(_ body: () throws -> Value) throws -> Value {
        let (user, group) = (geteuid(), getegid())
        guard seteuid(getuid()) == 0, setegid(getgid()) == 0 else {
            throw auditFailure("cannot become the caller again: \(String(cString: strerror(errno)))")
        }
        defer {
            _ = setegid(group)
            _ = seteuid(user)
        }
        return try body()
    }

    /// As the records name the caller: what is certain, and what is only said; the log replaces the names.
    var subject: AuditSubject {
        AuditSubject(actor: caller.certain, actorKind: .operator, actorClaimed: caller.claimed)
    }

    /// The scope of an action, by the roles; a refusal is recorded, and ends the tool.
    func scope(_ action: ReadingAction, filter: String) throws -> ReadingScope {
        let permission = try caller.duties(loaded).permission
        if let scope = permission.scope(action, municipalities: municipalities) { return scope }
        throw try refusal(action, filter: filter)
    }

    /// The whole county, for what cannot be cut to one municipality; anything less is refused as `scope` does.
    func expectCounty(_ action: ReadingAction, filter: String, hint: String? = nil) throws {
        guard case .county = try scope(action, filter: filter) else {
            throw try refusal(action, filter: filter, hint: hint)
        }
    }

    /// What is about one person: those who may it for some municipalities may it for who is in their records.
    func expectPerson(_ pseudonym: String, _ action: ReadingAction, filter: String) throws {
        let scope = try scope(action, filter: filter)
        guard scope != .county else { return }
        let reader = try reader()
        guard try Waiting.run({ try await reader.knows(pseudonym, in: scope) }) else {
            throw try refusal(action, filter: filter)
        }
    }

    /// Records that somebody was not allowed to, and says why; what is thrown ends the tool.
    func refusal(_ action: ReadingAction, filter: String, hint: String? = nil) throws -> ExitCode {
        let why = try caller.duties(loaded).refusal(action.asked, in: nil)
        let reason = AuditReason(
            code: why.reason.rawValue,
            reference: ReasonReference.make(SystemRandomSource()),
            rule: why.rules.joined(separator: " "),
            policyVersion: why.version
        )
        let reader = AuditReader([], now: { Clock.wallMilliseconds() }, record: try recorder())
        let subject = subject
        try Waiting.run { try await reader.refuse(action, filter: filter, reason: reason, by: subject) }
        let failure = auditFailure(
            "the policy does not allow this to \(caller.name): \(action.rawValue)",
            hint: hint
        )
        Terminal.complain("  why: \(why.sentence)")
        Terminal.complain(
            "  reference: \(reason.reference); it stands in the audit log (audit.reading-refused)"
        )
        return failure
    }

    // MARK: The daemon

    /// Records through the daemon; nothing waits anywhere, what is not durable did not happen.
    func recorder() throws -> AuditRecorder {
        let client: AuditClient
        do throws(AuditFailure) {
            client = try AuditClient(AuditClientOptions(socket: audit.socket, spool: nil))
        } catch {
            throw auditFailure(error.reason)
        }
        return { (event) throws(AuditFailure) in _ = try await client.append(event) }
    }

    // MARK: Logs

    /// The logs of all years, each with its index brought up to date.
    func sources() throws -> [AuditSource] {
        try archives().map { archive in
            AuditSource(archive: archive, index: try index(of: archive))
        }
    }

    /// The logs of all years, oldest first.
    func archives() throws -> [LogArchive] {
        let archives: [LogArchive]
        do {
            let names = try Folder.names(in: audit.logs).sorted().filter {
                Folder.exists("\(audit.logs)/\($0)/\(LogPlace.checkpointName)")
            }
            archives = try names.map { try LogArchive(directory: "\(audit.logs)/\($0)") }
        } catch {
            throw auditFailure("\(error)")
        }
        guard !archives.isEmpty else {
            throw auditFailure("there is no log in \(audit.logs)", hint: "torhaus audit init")
        }
        return archives
    }

    /// Opens the index of one log and reads what is new.
    func index(of archive: LogArchive, anew: Bool = false) throws -> SearchIndex {
        do {
            let folder = "\(audit.state)/search"
            try Folder.create(folder, mode: 0o700)
            let path = "\(folder)/\(archive.folderName).sqlite"
            if anew {
                for suffix in ["", "-wal", "-shm"] where Folder.exists(path + suffix) {
                    try Folder.removeFile(path + suffix)
                }
            }
            let index = try SearchIndex(path: path)
            let isLong = try archive.size() > index.progress().next + 200_000
            try index.fill(from: archive) { progress in
                if isLong { Terminal.complain("\(archive.folderName): \(progress.next) records indexed") }
            }
            return index
        } catch {
            throw auditFailure("\(error)")
        }
    }

    // MARK: Names

    /// How long records are kept.
    func retention() throws -> RetentionRules {
        let days = audit.retention
        let rules = RetentionRules(
            access: days.access,
            security: days.security,
            operation: days.operation,
            accountability: days.accountability
        )
        guard let rules else { throw auditFailure("audit.retention: \(days)", hint: "torhaus check") }
        return rules
    }

    func vault() throws -> IdentityVault {
        do {
            let file = try SmallFile.read(audit.holders, limit: HolderRegister.fileLimit)
            return try IdentityVault(
                folder: audit.names,
                register: try HolderRegister(json: file, calls: .system),
                now: { Clock.wallMilliseconds() },
                record: try recorder()
            )
        } catch {
            throw auditFailure("\(error)", hint: "torhaus audit holders list")
        }
    }
}
