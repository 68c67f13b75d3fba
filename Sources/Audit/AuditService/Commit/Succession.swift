// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one log for each year; the last record of the old one names the key of the new one.

internal import AuditEvents
package import AuditLog
package import DaemonSettings
internal import LinuxKit
internal import MerkleLog
internal import Synchronization

/// Opens the log of the present year, and leads from one year to the next.
package final class Succession: Sendable {
    private let settings: AuditSettings
    private let version: String
    /// Milliseconds since 1970.
    private let now: @Sendable () -> UInt64
    /// The year whose log could not be begun, and when to try again (monotonic milliseconds).
    private let pause = Mutex(UInt64(0))

    /// Between two tries to begin a log.
    private static let pauseMilliseconds: UInt64 = 60_000

    /// `version` is this program's, for the records.
    package init(
        _ settings: AuditSettings,
        version: String,
        now: @escaping @Sendable () -> UInt64 = { Clock.wallMilliseconds() }
    ) {
        self.settings = settings
        self.version = version
        self.now = now
    }

    /// The files of one year's log.
    package func place(_ year: String) throws(AuditLogError) -> LogPlace {
        try LogPlace(
            origin: "\(settings.origin)/\(year)",
            logs: settings.logDirectory,
            states: settings.stateDirectory
        )
    }

    /// The year of now, in UTC.
    package static var presentYear: String { year(of: Clock.wallMilliseconds()) }

    private static func year(of milliseconds: UInt64) -> String {
        String(AuditTime.text(milliseconds).prefix(4))
    }

    // MARK: Start

    /// Opens the log to write and records that, and what was mended.
    ///
    /// A log of an earlier year is continued; without any, `torhaus audit init` has not run: `.notInitialised`.
    package func open() throws(AuditLogError) -> AuditLog {
        let year = Self.year(of: now())
        let years = try years()
        guard let latest = years.last else { throw .refused(.notInitialised) }
        // A clock that was set back: the newest log goes on, so that none is written twice.
        if year <= latest {
            let (log, found) = try AuditLog.open(try place(latest))
            try announce(log, found)
            if let before = years.dropLast().last { closeBehind(before, log) }
            return log
        }
        let (old, found) = try AuditLog.open(try place(latest))
        try announce(old, found)
        return try lead(from: old, to: year)
    }

    /// Years that have a log, the oldest first.
    private func years() throws(AuditLogError) -> [String] {
        do throws(SystemError) {
            return try Folder.names(in: settings.stateDirectory).filter {
                $0.utf8.count == 4 && $0.utf8.allSatisfy { 0x30...0x39 ~= $0 }
                    && Folder.exists("\(settings.stateDirectory)/\($0)/anchor")
            }
        } catch {
            throw AuditLogError(error)
        }
    }

    private func announce(_ log: AuditLog, _ found: AuditLog.Opening) throws(AuditLogError) {
        ServiceLog.write(
            .notice,
            "log-opened",
            ["origin": log.place.origin, "size": "\(found.size)", "unpublished": "\(found.unpublished)"]
        )
        if 0 < found.repairedBytes {
            ServiceLog.write(.warning, "log-repaired", ["bytes": "\(found.repairedBytes)"])
            try append(.logRepaired(bytes: found.repairedBytes), to: log)
        }
        if found.checkpointRewritten { ServiceLog.write(.warning, "checkpoint-rewritten") }
        try append(
            .logOpened(
                origin: log.place.origin,
                size: found.size,
                version: version,
                retention: settings.retention.description
            ),
            to: log
        )
    }

    // MARK: Next year

    /// The log of a year that has begun; nil while it is still this log's.
    package func next(after log: AuditLog) throws(AuditLogError) -> AuditLog? {
        let year = Self.year(of: now())
        guard let present = log.place.origin.split(separator: "/").last, present < year else { return nil }
        let clock = Clock.monotonicMilliseconds()
        guard pause.withLock({ $0 <= clock }) else { return nil }
        // Only after a failure does this matter: a log that was begun is not begun again.
        pause.withLock { $0 = clock + Self.pauseMilliseconds }
        let next = try lead(from: log, to: year)
        pause.withLock { $0 = 0 }
        return next
    }

    /// Begins the new log, then ends the old one: a crash in between leaves a new log that the next start links.
    private func lead(from old: AuditLog, to year: String) throws(AuditLogError) -> AuditLog {
        let place = try place(year)
        if !Folder.exists("\(place.state)/anchor") { _ = try LogCreation.create(place) }
        let (new, found) = try AuditLog.open(place)
        try end(old, with: new)
        try announce(new, found)
        return new
    }

    /// Links the year before to the log that is written now, if a crash came between.
    private func closeBehind(_ year: String, _ log: AuditLog) {
        do throws(AuditLogError) {
            let place = try place(year)
            let reader = LogReader(directory: place.directory)
            let size = try reader.size()
            if 0 < size, let last = try reader.entry(size - 1, size: size),
                let record = try? AuditRecord(parsing: last), record.kind == .logContinued
            {
                return
            }
            let (old, _) = try AuditLog.open(place)
            try end(old, with: log)
        } catch {
            ServiceLog.write(.alert, "old-log-not-ended", ["year": year, "error": error.message])
        }
    }

    private func end(_ old: AuditLog, with new: AuditLog) throws(AuditLogError) {
        let event = AuditEvent.logContinued(
            origin: new.place.origin,
            size: old.durableSize,
            verifierKey: new.key.text
        )
        try append(event, to: old)
        _ = try old.publish()
    }

    private func append(_ event: AuditEvent, to log: AuditLog) throws(AuditLogError) {
        let item = CommitQueue.item(event)
        let line = AuditLine.join(item.body, index: log.durableSize, milliseconds: item.milliseconds)
        _ = try log.append([line])
    }
}
