// SPDX-License-Identifier: EUPL-1.2
// Torhaus: events of family 7, the log about itself.

extension AuditEvent {
    /// The log's last record was torn by a crash and was cut off; the count is its bytes.
    package static func logRepaired(bytes: Int) -> AuditEvent {
        AuditEvent(.logRepaired, AuditSubject.system.values([.count: .number(Int64(bytes))]))
    }

    /// The log can be written again; the count is the records that were refused meanwhile, with what they
    /// were to allow.
    package static func logRecovered(refused: Int) -> AuditEvent {
        AuditEvent(.logRecovered, AuditSubject.system.values([.count: .number(Int64(refused))]))
    }

    /// Nothing happened for a while; silence would look like a log that was cut off.
    package static func heartbeat(origin: String, size: UInt64) -> AuditEvent {
        AuditEvent(
            .heartbeat,
            AuditSubject.system.values([.origin: .nonEmpty(origin), .size: .count(size)])
        )
    }

    /// The log was opened with this many records; `retention` is how long the keys of names are kept.
    package static func logOpened(
        origin: String,
        size: UInt64,
        version: String,
        retention: String
    ) -> AuditEvent {
        AuditEvent(
            .logOpened,
            AuditSubject.system.values([
                .origin: .nonEmpty(origin), .size: .count(size), .version: .nonEmpty(version),
                .retentionDays: .nonEmpty(retention),
            ])
        )
    }

    /// The last record of a log: the origin and key it goes on with.
    package static func logContinued(origin: String, size: UInt64, verifierKey: String) -> AuditEvent {
        AuditEvent(
            .logContinued,
            AuditSubject.system.values([
                .origin: .nonEmpty(origin), .size: .count(size), .verifierKey: .nonEmpty(verifierKey),
            ])
        )
    }

    /// A witness did not cosign; the duration is the age of its last cosignature in milliseconds.
    package static func witnessMissing(
        origin: String,
        size: UInt64,
        witness: String,
        detail: String,
        milliseconds: UInt64
    ) -> AuditEvent {
        AuditEvent(
            .witnessMissing,
            AuditSubject.system.values([
                .origin: .nonEmpty(origin), .size: .count(size), .target: .nonEmpty(witness),
                .detail: .nonEmpty(detail), .duration: .count(milliseconds),
            ])
        )
    }

    /// Records wait for a receiver; the count is how many.
    package static func forwarderBehind(receiver: String, detail: String, waiting: UInt64) -> AuditEvent {
        AuditEvent(
            .forwarderBehind,
            AuditSubject.system.values([
                .target: .nonEmpty(receiver), .detail: .nonEmpty(detail), .count: .count(waiting),
            ])
        )
    }

    /// The disk is nearly full; the count is what is free in MiB.
    package static func spaceLow(freeMebibytes: UInt64, detail: String) -> AuditEvent {
        AuditEvent(
            .spaceLow,
            AuditSubject.system.values([.detail: .nonEmpty(detail), .count: .count(freeMebibytes)])
        )
    }

    /// So many refusals while the log was away have no record of their own.
    package static func refusalsDropped(count: Int) -> AuditEvent {
        AuditEvent(.refusalsDropped, AuditSubject.system.values([.count: .number(Int64(count))]))
    }

    /// Records that had waited for the log are in it now.
    package static func recordsDeliveredLate(count: Int, milliseconds: UInt64) -> AuditEvent {
        AuditEvent(
            .recordsDeliveredLate,
            AuditSubject.system.values([.duration: .count(milliseconds), .count: .number(Int64(count))])
        )
    }

    /// The clock went back or jumped ahead by this many milliseconds; the detail says which.
    package static func clockJumped(detail: String, milliseconds: UInt64) -> AuditEvent {
        AuditEvent(
            .clockJumped,
            AuditSubject.system.values([.detail: .nonEmpty(detail), .duration: .count(milliseconds)])
        )
    }
}
