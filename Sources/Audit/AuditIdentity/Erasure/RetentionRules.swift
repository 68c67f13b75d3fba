// SPDX-License-Identifier: EUPL-1.2
// Torhaus: how long records of each class are kept here, and which of a bundle may go.

package import AuditEvents

/// Days per retention class; those of the catalogue unless the county sets others.
package struct RetentionRules: Sendable, Hashable {
    /// Ten years: longer is no retention any more.
    package static let mostDays = 3653

    private var days: [AuditRetention: Int] = [:]

    package init() {}

    /// Days for every class; nil when one is out of range.
    package init?(access: Int, security: Int, operation: Int, accountability: Int) {
        let all: [(AuditRetention, Int)] = [
            (.access, access), (.security, security), (.operation, operation),
            (.accountability, accountability),
        ]
        for (retention, days) in all {
            guard set(retention, days: days) else { return nil }
        }
    }

    /// Sets the days of a class; false when they are out of range.
    package mutating func set(_ retention: AuditRetention, days: Int) -> Bool {
        guard (1...Self.mostDays).contains(days) else { return false }
        self.days[retention] = days
        return true
    }

    package func days(_ retention: AuditRetention) -> Int { days[retention] ?? retention.defaultDays }

    /// Whether a record's time is over.
    ///
    /// A class of a later version is kept as long as the longest that is known.
    package func isOver(_ record: AuditRecord, now: UInt64) -> Bool {
        let days =
            AuditRetention(rawValue: record.retention).map(days)
            ?? AuditRetention.allCases.map(days).max() ?? Self.mostDays
        return isOver(record.milliseconds, days: days, now: now)
    }

    /// Whether a period's pseudonyms have no record left that is kept.
    func isOver(_ period: PseudonymPeriod, now: UInt64) -> Bool {
        let longest = period.realm.retentions.map(days).max() ?? Self.mostDays
        return isOver(period.range.upperBound, days: longest, now: now)
    }

    private func isOver(_ milliseconds: UInt64, days: Int, now: UInt64) -> Bool {
        let (due, overflow) = milliseconds.addingReportingOverflow(UInt64(days) * 86_400_000)
        return !overflow && due <= now
    }
}

/// What to do with a bundle of entries.
package enum BundleVerdict: Sendable, Hashable {
    /// Some of it about the use of desktops is not over yet, or nothing in it is over.
    case keep
    /// The bundle goes; these records of it stay, with their index and their bytes.
    ///
    /// They are held, or of a class that is kept longer. Without this, one record of three years would keep
    /// 255 of ninety days. The hash tiles stay, so what is kept still verifies.
    case erase(keeping: [UInt64])
}

extension RetentionRules {
    /// Judges one bundle.
    package func judge(_ bundle: [AuditRecord], holds: [Range<UInt64>], now: UInt64) -> BundleVerdict {
        var kept: [UInt64] = []
        for record in bundle {
            let isHeld = holds.contains { $0.contains(record.index) }
            let isDone = isOver(record, now: now)
            if !isDone, !isHeld, isShort(record) { return .keep }
            if !isDone || isHeld { kept.append(record.index) }
        }
        return kept.count < bundle.count ? .erase(keeping: kept) : .keep
    }

    /// Whether the record is about the use of desktops; a bundle waits for the last of these.
    private func isShort(_ record: AuditRecord) -> Bool {
        switch AuditRetention(rawValue: record.retention) {
        case .access, .security, nil: true
        case .operation, .accountability: false
        }
    }
}
