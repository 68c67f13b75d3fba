// SPDX-License-Identifier: EUPL-1.2
// Torhaus: every bound of torhaus-auditd with its reason.

internal import AuditLog

/// Counts, and sizes in bytes unless it says otherwise.
package enum ServiceLimits {
    /// Producers: torhausd, operators' commands, and room for tests with many.
    static let connections = 512
    /// Connections accepted in one turn, so that others are served in between.
    static let acceptsPerTurn = 32
    /// Bytes read from a connection in one turn; the C library tidies its heap whenever 64 KiB are given back.
    static let bytesPerTurn = 32_768
    /// Records of one connection that wait for their receipt; above, nothing more is read from it.
    static let inFlight = 4096
    /// Records of all connections that wait; above, nothing more is read from anybody.
    static let queued = 16_384
    /// One group commit, below the log's own limits.
    static let commitEntries = 4096
    static let commitBytes = AuditLogLimits.batch / 2
    /// Records that are published before the interval is over; they lie in memory until then.
    static let unpublished = 32_768
    /// Milliseconds below which a commit may keep the intake from everybody else; a stalled disk may not.
    static let quickMilliseconds: UInt64 = 5
    /// Records whose names are replaced with one flush; a record of somebody who is known waits for the sealing of
    /// so many others at most.
    static let namedEntries = 256
    /// Records of our own that wait while the log cannot be written; the oldest stay.
    static let owed = 64
    /// Milliseconds between two tries while the log cannot be written.
    static let probeMilliseconds: UInt64 = 2000
    /// Milliseconds for which a name that could not be replaced makes the log unhealthy.
    static let namelessMilliseconds: UInt64 = 5000
    /// Milliseconds between two rounds of upkeep.
    static let upkeepMilliseconds: Int32 = 1000
    /// A clock that moves by more than this against the monotonic one has jumped.
    static let clockJumpMilliseconds: Int64 = 2000
    /// Milliseconds that the last receipts get on their way out.
    static let farewellMilliseconds: Int32 = 2000
}
