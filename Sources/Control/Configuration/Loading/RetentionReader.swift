// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads the section `audit.retention` of torhaus.yaml.

internal import DaemonSettings

/// How long records are kept, class by class.
enum RetentionReader {
    /// Below, the first days of a month are erased before its report is made: 31 days, and some for the person who
    /// makes it.
    private static let reportDays = 35

    /// All keys of the section.
    static func read(_ section: inout Section) -> AuditRetentionDays {
        let standard = AuditRetentionDays()
        let operationPlace = section.place(of: "operation")
        let read = AuditRetentionDays(
            access: person("access", standard.access, &section),
            security: person("security", standard.security, &section),
            operation: section.days(
                "operation",
                SettingsLimits.operationRetentionDays,
                default: standard.operation,
                why: "these records explain all others"
            ),
            accountability: section.days(
                "accountability",
                SettingsLimits.accountabilityRetentionDays,
                default: standard.accountability,
                why: "a yearly audit must find who read, and claims expire three years after the year's end"
            )
        )
        if let complaint = read.complaint {
            let kept = "access \(read.access)d, security \(read.security)d"
            section.findings.error(operationPlace, section.path("operation"), complaint, hint: kept)
        }
        section.finish()
        return read
    }

    private static func person(_ key: String, _ standard: Int, _ section: inout Section) -> Int {
        let place = section.place(of: key)
        let days = section.days(
            key,
            SettingsLimits.personRetentionDays,
            default: standard,
            why: "these records are about people; what belongs to a case is held: torhaus audit hold place"
        )
        if days < reportDays {
            section.findings.warning(
                place,
                section.path(key),
                "the monthly report will lack days that are erased before it is made",
                hint: "keep them for \(reportDays)d or make the report in time"
            )
        }
        return days
    }
}
