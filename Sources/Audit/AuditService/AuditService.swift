// SPDX-License-Identifier: EUPL-1.2
// Torhaus: puts the parts of torhaus-auditd together, and takes them apart in order.

internal import AuditEvents
internal import AuditIdentity
internal import AuditLog
package import DaemonSettings
internal import Glibc
package import LinuxKit
internal import Synchronization

/// The process's life between its start and SIGTERM.
package enum AuditService {
    /// Opens the log, serves until asked to stop, publishes the rest.
    ///
    /// The process stops when `stopDescriptor` becomes readable, such as a `StopRequest`'s. `reload` brings new days of
    /// retention; without it, only a restart does.
    package static func run(
        settings: AuditSettings,
        version: String,
        listener: consuming UnixListener,
        stopDescriptor: Int32,
        reload: SettingsReload? = nil
    ) throws {
        let allowed = try users(settings.allowedUsers)
        guard let rules = RetentionRules(settings.retention) else { throw WrongRetention(settings.retention) }
        let succession = Succession(settings, version: version)
        let holder = LogHolder(try succession.open())
        let queue = try CommitQueue()
        let receipts = try ReceiptBox()
        let health = Health()
        health.wrote(at: Clock.monotonicMilliseconds())
        let vault = try settings.names.map { try Self.vault($0, queue) }
        if vault == nil { ServiceLog.write(.warning, "names-in-records", ["because": "no holders are set"]) }
        let names = try NameStage(vault: vault, queue: queue, receipts: receipts, health: health)
        let upkeep = try Upkeep(
            settings: settings,
            holder: holder,
            queue: queue,
            receipts: receipts,
            health: health,
            vault: vault,
            rules: rules,
            reload: reload
        )
        let following = try Following(settings, queue: queue, health: health)
        let publisher = try Publisher(
            holder: holder,
            health: health,
            milliseconds: settings.checkpointMilliseconds,
            followers: [following.follow]
        )
        let committer = Committer(
            queue: queue,
            receipts: receipts,
            holder: holder,
            publisher: publisher,
            upkeep: upkeep,
            health: health,
            succession: succession
        )
        let parts = IntakeLoop.Parts(
            holder: holder,
            names: names,
            committer: committer,
            receipts: receipts,
            health: health,
            upkeep: upkeep
        )
        let intake = try IntakeLoop(listener: listener, stop: stopDescriptor, allowed: allowed, parts: parts)

        let naming = try Worker("names") { names.run() }
        let committing = try Worker("commit") { committer.run() }
        let publishing = try Worker("publish") { publisher.run() }
        let keeping = try Worker("upkeep", nice: 5) { upkeep.run() }
        ServiceLog.write(.notice, "started", ["socket": settings.socket, "users": "\(allowed.count)"])
        intake.run()

        ServiceLog.write(.notice, "stopping", ["queued": "\(names.count)"])
        names.stop()
        naming.join()
        // Upkeep may wait for a record of its own, which the committer still takes.
        upkeep.stop()
        keeping.join()
        queue.close()
        committing.join()
        intake.finish()
        publisher.stop()
        publishing.join()
        following.stop()
        ServiceLog.write(.notice, "stopped", ["size": "\(holder.current.publishedSize)"])
    }

    /// The names' own files, sealed for the holders.
    private static func vault(_ names: AuditSettings.Names, _ queue: CommitQueue) throws -> IdentityVault {
        let file = try SmallFile.read(names.holders, limit: HolderRegister.fileLimit)
        return try IdentityVault(
            folder: names.directory,
            register: try HolderRegister(json: file, calls: .system),
            now: { Clock.wallMilliseconds() },
            record: { event throws(AuditFailure) in try await queue.noteDurably(event) }
        )
    }

    private static func users(_ names: [String]) throws -> Set<UInt32> {
        var users: Set<UInt32> = []
        for name in names {
            guard let user = try UserDatabase.user(named: name) else { throw UnknownUser(name: name) }
            users.insert(user.user)
        }
        return users
    }
}

/// A thread that can be waited for.
final class Worker: Sendable {
    private let isDone = Mutex(false)
    private let bell: Doorbell

    init(_ name: String, nice: Int32 = 0, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
        bell = try Doorbell()
        try Threads.start(name: name, nice: nice) {
            body()
            self.isDone.withLock { $0 = true }
            self.bell.ring()
        }
    }

    func join() {
        while !isDone.withLock({ $0 }) { bell.wait(milliseconds: -1) }
    }
}

/// Days that no settings file can have; nothing is destroyed by a guess.
struct WrongRetention: Error, CustomStringConvertible {
    let days: AuditRetentionDays
    init(_ days: AuditRetentionDays) { self.days = days }
    var description: String { "retention: these are no days to keep records for: \(days)" }
}

/// `allowed_user` names nobody.
struct UnknownUser: Error, CustomStringConvertible {
    let name: String
    var description: String { "allowed_user: there is no user \(name)" }
}
