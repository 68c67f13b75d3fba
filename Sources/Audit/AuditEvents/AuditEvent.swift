// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the catalogue of what is recorded. Each event is made by a factory that names its fields; nothing
// else may write one, so that no secret and no content can slip into the log.

/// One thing that happened, ready to be written as a JSON line with its keys in this order.
package struct AuditEvent: Sendable, Hashable {
    package enum Outcome: String, Sendable, Hashable {
        case success
        case failure
        case refused
    }

    package enum Severity: String, Sendable, Hashable {
        case info
        case notice
        case warning
        case error
    }

    package enum Value: Sendable, Hashable {
        case text(String)
        case number(Int64)
        case flag(Bool)
        case list([String])
    }

    package struct Field: Sendable, Hashable {
        package let key: String
        package let value: Value

        package init(_ key: String, _ value: Value) {
            self.key = key
            self.value = value
        }
    }

    /// Stable code such as `GW1001I`: family, number, and I, W or E for the severity class.
    package let code: String
    /// Stable name such as `sign-in.succeeded`.
    package let name: String
    package let outcome: Outcome
    package let severity: Severity
    package let fields: [Field]

    package init(code: String, name: String, outcome: Outcome, severity: Severity, fields: [Field]) {
        self.code = code
        self.name = name
        self.outcome = outcome
        self.severity = severity
        self.fields = fields
    }
}

/// Where events go.
///
/// An append returns when the record is durable; if it throws, what was to be recorded must not happen
/// (fail closed).
package protocol AuditTrail: Sendable {
    func append(_ event: AuditEvent) async throws(AuditFailure) -> AuditReceipt
}

/// The record is on the disk.
package struct AuditReceipt: Sendable, Hashable {
    /// Position in the log, gap-free.
    package let index: UInt64

    package init(index: UInt64) {
        self.index = index
    }
}

/// The record could not be made durable.
package struct AuditFailure: Error, Sendable, Hashable {
    package let reason: String

    package init(reason: String) {
        self.reason = reason
    }
}
