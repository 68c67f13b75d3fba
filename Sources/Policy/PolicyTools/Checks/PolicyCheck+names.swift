// SPDX-License-Identifier: EUPL-1.2
// Torhaus: names in rules that the directory does not have.

internal import AccessPolicy
internal import Cedar

extension PolicyCheck {
    /// Groups and people that the rule names and the directory does not know: the most frequent mistake in
    /// practice, and nothing fails by it; the rule is just about nobody.
    func unknownNames(_ policy: ExaminedPolicy) -> [CheckFinding] {
        var seen: Set<EntityUID> = []
        return policy.policy.namedEntities.map(\.uid)
            .filter { missing.contains($0) && seen.insert($0).inserted }
            .map { uid in
                let kind = uid.type.basename.lowercased()
                return finding(
                    .warning,
                    .unknownName,
                    policy,
                    "this machine has no \(kind) \(CedarEscaping.quoted(uid.id.string))",
                    hint: "it may come later; until then the rule is about nobody"
                )
            }
    }
}
