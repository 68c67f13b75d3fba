// SPDX-License-Identifier: EUPL-1.2
// Torhaus: published records in the machine's journal, for operators who look there first. It proves nothing.

internal import AuditEvents
internal import AuditLog
internal import Synchronization

/// Follows the log from now on.
package final class JournalMirror: Sendable {
    /// Gets a line with its sd-daemon(3) priority.
    package typealias Write = @Sendable (_ priority: Int, _ line: [UInt8]) -> Void

    private let walk: LogWalk
    private let write: Write
    private let position = Mutex<LogPosition?>(nil)

    /// `logs` has one folder for each log.
    package init(logs: String, write: @escaping Write) {
        walk = LogWalk(root: logs)
        self.write = write
    }

    /// Writes what is new since the last call; at the first call, nothing: the journal has it, or never will.
    package func follow(folder: String, size: UInt64) {
        position.withLock { position in
            guard var next = position else {
                position = LogPosition(folder: folder, index: size)
                return
            }
            while let batch = try? walk.next(next, limit: ForwardingLimits.batch) {
                for (_, entry) in batch.records { write(Self.priority(entry), entry) }
                next = batch.next
            }
            position = next
        }
    }

    private static func priority(_ entry: [UInt8]) -> Int {
        switch (try? AuditRecord(parsing: entry)).flatMap({ AuditEvent.Severity(rawValue: $0.severity) }) {
        case .error: 3
        case .warning: 4
        case .notice: 5
        case .info, nil: 6
        }
    }
}
