// SPDX-License-Identifier: EUPL-1.2
// Torhaus: published records on their way to others: a SIEM by syslog over TLS, and the journal of this machine.

/// Every bound with its reason.
package enum ForwardingLimits {
    /// Records read and sent at a time: one bundle.
    static let batch = 256
    /// Milliseconds for a connection, a handshake, a step of sending.
    static let step: Int32 = 10_000
    /// Milliseconds in which a receiver that does not want our certificate says so: with TLS 1.3 the handshake looks
    /// good to us before it does.
    static let verdict: Int32 = 700
    /// Milliseconds between two looks for new records.
    static let look: UInt32 = 200
    /// Milliseconds after a broken line, growing up to the second.
    static let firstPause: UInt64 = 500
    static let lastPause: UInt64 = 30_000
    /// A record counts as delivered when the line still stands this long after the receiver's kernel took it:
    /// syslog has no receipts, and a receiver that dies takes with it what it had not read.
    static let settling: UInt64 = 3000
    /// Milliseconds between two checkpoints in the stream.
    static let checkpointInterval: UInt64 = 60_000
    /// Waiting records, or milliseconds of waiting, that are worth an alarm.
    static let behindRecords: UInt64 = 50_000
    static let behindTime: UInt64 = 600_000
    /// The cursor's file.
    static let cursorBytes = 4096
}
