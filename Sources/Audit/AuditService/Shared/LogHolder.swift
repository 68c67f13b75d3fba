// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the log that is written now; a new year brings another.

package import AuditLog
internal import Synchronization

/// Shared by the threads.
package final class LogHolder: Sendable {
    private let log: Mutex<AuditLog>

    /// Starts with this one.
    package init(_ log: AuditLog) { self.log = Mutex(log) }

    /// The log that is written now.
    package var current: AuditLog { log.withLock { $0 } }

    func replace(by new: AuditLog) { log.withLock { $0 = new } }
}
