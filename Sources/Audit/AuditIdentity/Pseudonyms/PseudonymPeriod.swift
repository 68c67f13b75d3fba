// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a month of pseudonyms, and what a pseudonym looks like.

package import AuditEvents

/// Which records a pseudonym is for.
///
/// Who read the log must stay provable for years, who used a desktop must not: the two have keys of their own,
/// and nobody can tell that a reader and a clerk are the same person.
package enum PseudonymRealm: String, Sendable, Hashable, CaseIterable {
    /// Sign-ins, sessions, refusals.
    case access = "p"
    /// Reading, revealing, erasing.
    case accountability = "q"

    package init(_ retention: AuditRetention) {
        self = retention == .accountability ? .accountability : .access
    }

    /// The retention classes whose records carry pseudonyms of this realm; records of operation name nobody.
    package var retentions: [AuditRetention] {
        AuditRetention.allCases.filter { $0 != .operation && PseudonymRealm($0) == self }
    }
}

/// One month of one realm, such as `p2026-11`.
package struct PseudonymPeriod: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let realm: PseudonymRealm
    /// `2026-11`, in UTC.
    package let month: String

    package init(_ realm: PseudonymRealm, at milliseconds: UInt64) {
        self.realm = realm
        month = AuditTime.month(of: milliseconds)
    }

    /// Reads `p2026-11`; nil when it is no period.
    package init?(_ text: String) {
        guard let realm = PseudonymRealm(rawValue: String(text.prefix(1))) else { return nil }
        let month = String(text.dropFirst())
        guard AuditTime.month(month) != nil else { return nil }
        self.realm = realm
        self.month = month
    }

    /// The period of a pseudonym; nil when the text is none.
    package init?(ofPseudonym text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].utf8.count == Self.digits,
            parts[1].utf8.allSatisfy({ 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 })
        else { return nil }
        self.init(String(parts[0]))
    }

    package var description: String { realm.rawValue + month }

    /// Its first millisecond, and that of the next month.
    package var range: Range<UInt64> { AuditTime.month(month) ?? 0..<0 }

    package static func < (left: PseudonymPeriod, right: PseudonymPeriod) -> Bool {
        (left.month, left.realm.rawValue) < (right.month, right.realm.rawValue)
    }

    /// Hexadecimal digits of a pseudonym behind its point: 80 bits, so that two of 100,000 persons share one
    /// with a probability below 10^-14.
    static let digits = 20

    /// A person's pseudonym: the period, a point, and the start of HMAC-SHA-256 over the name.
    func pseudonym(of name: String, key: [UInt8], calls: IdentityCalls) -> String {
        let mac = calls.hmac(key, Array("torhaus/pseudonym/v1\0\(self)\0\(name)".utf8))
        return "\(self)." + AuditHex.text(mac.prefix(Self.digits / 2))
    }
}
