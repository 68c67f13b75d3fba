// SPDX-License-Identifier: EUPL-1.2
// Torhaus: new days of retention for a log that runs; everything else of its settings waits for a restart.

internal import AuditEvents
internal import AuditIdentity
package import DaemonSettings
internal import Synchronization

/// A wish to have the settings read again, such as SIGHUP's; made by any thread, fulfilled by the upkeep.
package final class SettingsReload: Sendable {
    private let read: @Sendable () throws -> AuditSettings
    private let isWanted = Mutex(false)

    /// `read` gives what the settings file says now, or throws every mistake in it.
    package init(_ read: @escaping @Sendable () throws -> AuditSettings) { self.read = read }

    /// Has the file read within a second; many wishes before that are one.
    package func request() { isWanted.withLock { $0 = true } }

    /// What the file says, when somebody asked.
    func take() -> Result<AuditSettings, any Error>? {
        let wanted = isWanted.withLock { wanted in
            defer { wanted = false }
            return wanted
        }
        return wanted ? Result { try read() } : nil
    }
}

/// Which settings are in force; used by the upkeep thread alone.
struct SettingsKeeper {
    /// Of one file; whoever has more mistakes than that finds them with `torhaus check`.
    private static let recordedMistakes = 20

    private let reload: SettingsReload?
    /// What every log that is opened by this process says in its first record.
    private let started: AuditRetentionDays
    private(set) var inForce: AuditSettings
    private var origin: String
    /// Makes an event durable; false when it cannot.
    private let record: (AuditEvent) -> Bool

    init(
        _ settings: AuditSettings,
        origin: String,
        reload: SettingsReload?,
        record: @escaping (AuditEvent) -> Bool
    ) {
        inForce = settings
        started = settings.retention
        self.origin = origin
        self.reload = reload
        self.record = record
    }

    /// The rules that hold from now on, when they have changed; `origin` is that of the log being written.
    mutating func look(origin: String) -> RetentionRules? {
        if origin != self.origin {
            self.origin = origin
            // A new year's log has begun, and says what was true at the start.
            if inForce.retention != started { _ = record(Self.event(origin, inForce.retention)) }
        }
        switch reload?.take() {
        case nil: return nil
        case .failure(let error):
            reject(error)
            return nil
        case .success(let settings): return apply(settings)
        }
    }

    private mutating func apply(_ settings: AuditSettings) -> RetentionRules? {
        guard let rules = RetentionRules(settings.retention) else {
            reject(WrongRetention(settings.retention))
            return nil
        }
        var comparable = settings
        comparable.retention = inForce.retention
        if comparable != inForce {
            ServiceLog.write(.warning, "restart-needed", ["because": "other settings have changed too"])
        }
        guard settings.retention != inForce.retention else {
            ServiceLog.write(.notice, "reloaded", ["retention": "unchanged"])
            return nil
        }
        // On record before anything is destroyed by it.
        guard record(Self.event(origin, settings.retention)) else {
            ServiceLog.write(.error, "not-reloaded", ["because": "the change cannot be recorded"])
            return nil
        }
        inForce.retention = settings.retention
        ServiceLog.write(.notice, "reloaded", ["retention": settings.retention.description])
        return rules
    }

    /// Says in the journal and in the log that the old settings stay.
    private func reject(_ error: any Error) {
        ServiceLog.write(.error, "not-reloaded", ["error": "\(error)"])
        guard let problems = (error as? SettingsError)?.problems else {
            _ = record(.configurationRejected(file: Self.file, line: nil, mistake: "\(error)"))
            return
        }
        for problem in problems.prefix(Self.recordedMistakes) {
            let mistake = "\(problem.key): \(problem.message)"
            _ = record(.configurationRejected(file: Self.file, line: problem.line, mistake: mistake))
        }
    }

    /// Not its path: the record is for people who know the daemon, not the machine.
    private static let file = "torhaus-auditd settings"

    private static func event(_ origin: String, _ days: AuditRetentionDays) -> AuditEvent {
        .retentionChanged(origin: origin, retention: days.description)
    }
}

/// Waits for a record without the cooperative pool: the thread is our own.
enum DurableNote {
    private final class Answer: Sendable {
        let isDurable = Mutex<Bool?>(nil)
    }

    /// False when the log cannot be written now.
    static func put(_ event: AuditEvent, in queue: CommitQueue) -> Bool {
        guard let bell = try? Doorbell() else { return false }
        let answer = Answer()
        var item = CommitQueue.item(event)
        item.done = { isDurable in
            answer.isDurable.withLock { $0 = isDurable }
            bell.ring()
        }
        queue.put([item])
        while true {
            if let isDurable = answer.isDurable.withLock({ $0 }) { return isDurable }
            bell.wait(milliseconds: -1)
        }
    }
}
