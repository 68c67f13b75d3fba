// SPDX-License-Identifier: EUPL-1.2
// Torhaus: torhaus-auditd: takes records from producers, makes them durable, publishes checkpoints, keeps witnesses and
// receivers up to date. Few threads, each with one job; the log itself is `AuditLog`.

internal import Glibc

/// Short lines of `key=value` for journald on stderr; never a record's content.
package enum ServiceLog {
    /// sd-daemon(3) prefixes; without journald they are odd characters at the start.
    package enum Level: Int32, Sendable {
        /// Somebody must look now.
        case alert = 1
        case error = 3
        case warning = 4
        case notice = 5
        case info = 6
    }

    /// Writes one line.
    package static func write(
        _ level: Level,
        _ event: String,
        _ fields: KeyValuePairs<String, String> = [:]
    ) {
        let text = fields.reduce("<\(level.rawValue)>\(event)") { $0 + " \($1.key)=\($1.value)" }
        let line = text.replacing("\n", with: " ") + "\n"
        let bytes = [UInt8](line.utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
