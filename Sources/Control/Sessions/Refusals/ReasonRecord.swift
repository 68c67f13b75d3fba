// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the whole reason behind a reference such as `R-7F3K-Q2`.

/// What the help desk sees when a person reads out her reference.
package struct ReasonRecord: Sendable, Hashable, Codable {
    package let reference: String
    /// Milliseconds since 1970.
    package let at: UInt64
    /// What was wanted: `sign-in`, `desktops`, `ticket`, `tunnel` or `session`.
    package let action: String
    /// Stable word such as `outside-hours`.
    package let reason: String
    /// The rule that decided.
    package let rule: String
    package let german: String
    package let english: String
    /// What an administrator needs and the person does not.
    package let detail: String
    package let user: String
    package let municipality: String
    package let desktop: String
    /// Text of the client's address.
    package let source: String
    /// 32 hexadecimal digits.
    package let correlation: String
    /// Names the set of rules that decided; nil or empty when none was asked.
    package let policyVersion: String?
    /// What the rules said that decided or nearly did, a line each.
    package let explanation: [String]?

    package init(
        reference: String,
        at: UInt64,
        action: String,
        reason: String,
        rule: String,
        german: String,
        english: String,
        detail: String = "",
        user: String = "",
        municipality: String = "",
        desktop: String = "",
        source: String = "",
        correlation: String = "",
        policyVersion: String = "",
        explanation: [String] = []
    ) {
        self.reference = reference
        self.at = at
        self.action = action
        self.reason = reason
        self.rule = rule
        self.german = german
        self.english = english
        self.detail = detail
        self.user = user
        self.municipality = municipality
        self.desktop = desktop
        self.source = source
        self.correlation = correlation
        self.policyVersion = policyVersion
        self.explanation = explanation
    }
}

/// References are short enough for the telephone and never ambiguous in writing.
package enum ReasonReference {
    /// Six characters: 30 random bits.
    ///
    /// The store refuses a second use, so a collision only costs a retry.
    package static func make(_ random: some RandomSource) -> String {
        let characters = CrockfordBase32.encode(random.bytes(4)).prefix(6)
        return "R-\(characters.prefix(4))-\(characters.dropFirst(4))"
    }

    /// The reference as it is stored, from what somebody typed: case, O for 0, missing dashes do not matter.
    package static func normalised(_ text: String) -> String? {
        var characters = text.uppercased().filter { $0 != "-" && $0 != " " }
        guard characters.count == 7, characters.hasPrefix("R") else { return nil }
        characters.removeFirst()
        let alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
        var kept = ""
        for character in characters {
            let meant: Character =
                character == "O" ? "0" : character == "I" || character == "L" ? "1" : character
            guard alphabet.contains(meant) else { return nil }
            kept.append(meant)
        }
        return "R-\(kept.prefix(4))-\(kept.dropFirst(4))"
    }
}
