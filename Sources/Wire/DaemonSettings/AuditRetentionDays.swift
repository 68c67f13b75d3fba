// SPDX-License-Identifier: EUPL-1.2
// Torhaus: for how many days the audit log keeps the records of each class.

/// Days from a record's time, for each retention class of the catalogue.
///
/// The bounds are in `SettingsLimits`.
package struct AuditRetentionDays: Hashable, Sendable, CustomStringConvertible {
    /// Sign-ins, decisions and sessions.
    package var access: Int
    /// Refusals, incidents, detections.
    package var security: Int
    /// Nothing about a person: starts, stops, settings, the log's own health.
    package var operation: Int
    /// Who read, revealed, informed, erased.
    package var accountability: Int

    /// The defaults are those of the catalogue, which has their sources.
    package init(access: Int = 90, security: Int = 90, operation: Int = 365, accountability: Int = 1095) {
        self.access = access
        self.security = security
        self.operation = operation
        self.accountability = accountability
    }

    /// What is wrong between the classes, as a sentence, or nil.
    package var complaint: String? {
        guard operation < max(access, security) else { return nil }
        // Starts, settings and the log's own health say under which conditions the other records arose.
        return "operation must not be kept shorter than access and security, whose records it explains"
    }

    /// As records and summaries say it.
    package var description: String {
        "access \(access)d, security \(security)d, operation \(operation)d, accountability \(accountability)d"
    }
}

extension AuditRetentionDays {
    /// Reads one line for each class.
    init(_ reader: inout SettingsReader) {
        self.init()
        let person = SettingsLimits.personRetentionDays
        access = reader.integer("retain_access_days", person, default: access)
        security = reader.integer("retain_security_days", person, default: security)
        operation = reader.integer(
            "retain_operation_days",
            SettingsLimits.operationRetentionDays,
            default: operation
        )
        accountability = reader.integer(
            "retain_accountability_days",
            SettingsLimits.accountabilityRetentionDays,
            default: accountability
        )
        if let complaint { reader.report("retain_operation_days", complaint) }
    }

    func write(_ writer: inout SettingsWriter) {
        writer.add("retain_access_days", access)
        writer.add("retain_security_days", security)
        writer.add("retain_operation_days", operation)
        writer.add("retain_accountability_days", accountability)
    }
}
