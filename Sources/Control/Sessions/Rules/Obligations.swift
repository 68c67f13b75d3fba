// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what a grant is bound to.

/// What a grant is bound to.
package struct Obligations: Sendable, Hashable {
    /// 0 for none.
    package var idleSeconds: UInt32
    /// 0 for none.
    package var longestSeconds: UInt32
    package var redirections: Set<Redirection>
    /// 0 for never.
    package var reauthenticateSeconds: UInt32
    package var consentText: String
    /// The session is to be marked in the record for somebody to look at.
    package var isRecorded: Bool
    /// Whom the rules want to be told, sorted.
    package var notify: [String]

    package init(
        idleSeconds: UInt32 = 0,
        longestSeconds: UInt32 = 0,
        redirections: Set<Redirection> = [],
        reauthenticateSeconds: UInt32 = 0,
        consentText: String = "",
        isRecorded: Bool = false,
        notify: [String] = []
    ) {
        self.idleSeconds = idleSeconds
        self.longestSeconds = longestSeconds
        self.redirections = redirections
        self.reauthenticateSeconds = reauthenticateSeconds
        self.consentText = consentText
        self.isRecorded = isRecorded
        self.notify = notify
    }

    /// As the audit record shows them.
    var record: [String] {
        let allowed = redirections.map(\.rawValue).sorted().joined(separator: "+")
        var parts = [
            "idle=\(idleSeconds)", "longest=\(longestSeconds)", "reauthenticate=\(reauthenticateSeconds)",
            "redirections=\(allowed.isEmpty ? "none" : allowed)",
        ]
        if !consentText.isEmpty { parts.append("consent") }
        if isRecorded { parts.append("record") }
        return parts + notify.map { "notify=\($0)" }
    }

    /// What two sets of obligations both allow.
    func strictest(_ other: Obligations) -> Obligations {
        func lower(_ one: UInt32, _ two: UInt32) -> UInt32 { one == 0 ? two : two == 0 ? one : min(one, two) }
        return Obligations(
            idleSeconds: lower(idleSeconds, other.idleSeconds),
            longestSeconds: lower(longestSeconds, other.longestSeconds),
            redirections: redirections.intersection(other.redirections),
            reauthenticateSeconds: lower(reauthenticateSeconds, other.reauthenticateSeconds),
            consentText: consentText.isEmpty ? other.consentText : consentText,
            isRecorded: isRecorded || other.isRecorded,
            notify: Set(notify + other.notify).sorted()
        )
    }
}
