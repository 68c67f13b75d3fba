// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what producers of records and torhaus-auditd say to each other. One connection carries many requests.

/// How much the audit line may say at once, in bytes unless it says otherwise.
package enum AuditFrameLimits {
    /// A record without time and number: that of the catalogue's lines.
    package static let body = 32_768
    /// A log's name.
    package static let origin = 255
    /// Ranges under legal hold, in one order.
    package static let heldRanges = 2048
}

/// From a producer to `torhaus-auditd`; each answer carries the request's number.
package enum AuditRequest: Hashable, Sendable {
    /// Answered by `durable` or `refused`.
    case append(number: UInt64, AuditAppend)
    /// Answered by `status`.
    case status(number: UInt64)
    /// Removes old bundles; root and the log's own user only. Answered by `pruned` or `refused`.
    case prune(number: UInt64, AuditPruneOrder)
}

/// One record.
package struct AuditAppend: Hashable, Sendable {
    /// When it happened, in milliseconds since 1970, by the producer's clock.
    package let milliseconds: UInt64
    /// The line from `"event_code"` to its closing brace; the log puts time and number before it.
    package let body: [UInt8]

    /// Nil when the body is empty or too long: a record must not be cut on its way.
    package init?(milliseconds: UInt64, body: [UInt8]) {
        guard !body.isEmpty, body.count <= AuditFrameLimits.body else { return nil }
        self.milliseconds = milliseconds
        self.body = body
    }
}

/// What may go.
package struct AuditPruneOrder: Hashable, Sendable {
    /// Records below this number may go, in whole bundles.
    package let below: UInt64
    /// But not bundles with one of these records; at most `AuditFrameLimits.heldRanges`.
    package let held: [Range<UInt64>]

    /// Nil when there are too many ranges: none may be forgotten.
    package init?(below: UInt64, held: [Range<UInt64>]) {
        guard held.count <= AuditFrameLimits.heldRanges else { return nil }
        self.below = below
        self.held = held
    }
}

/// From `torhaus-auditd` to a producer.
package enum AuditReply: Hashable, Sendable {
    /// The record is on the disk under this number.
    case durable(number: UInt64, index: UInt64)
    /// The record is not in the log; what it was to allow must not happen.
    case refused(number: UInt64, AuditRefusal)
    case status(number: UInt64, AuditStatus)
    /// This many bundles went.
    case pruned(number: UInt64, bundles: UInt64)
}

/// Why a record is not in the log.
package enum AuditRefusal: UInt8, Hashable, Sendable, CaseIterable {
    /// Not a line of the catalogue's form: a mistake of the producer.
    case malformed = 1
    /// The disk is full.
    case noSpace = 2
    /// More records wait than the bound allows.
    case backlog = 3
    /// The disk failed, or the log is being closed.
    case unavailable = 4
    /// The producer's user may not do this.
    case forbidden = 5
}

/// How the log is.
package struct AuditStatus: Hashable, Sendable {
    /// The log that is written now.
    package let origin: String
    /// Records on the disk.
    package let durable: UInt64
    /// Records under a signed checkpoint.
    package let published: UInt64
    /// The last write went well.
    package let isHealthy: Bool
    /// The last checkpoint has the cosignatures that the policy asks for.
    package let isWitnessed: Bool

    /// Takes every field as it is.
    package init(origin: String, durable: UInt64, published: UInt64, isHealthy: Bool, isWitnessed: Bool) {
        self.origin = origin
        self.durable = durable
        self.published = published
        self.isHealthy = isHealthy
        self.isWitnessed = isWitnessed
    }
}
