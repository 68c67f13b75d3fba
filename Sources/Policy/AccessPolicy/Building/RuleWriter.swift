// SPDX-License-Identifier: EUPL-1.2
// Torhaus: writes rows, pools and roles as Cedar.

internal import Cedar

/// A rule as text, with its name.
struct RuleDraft {
    let name: PolicyRuleName
    let kind: PolicyRule.Kind
    let text: String
}

/// Writes what the configuration says as policies.
struct RuleWriter {
    private let input: PolicyInput

    init(_ input: PolicyInput) { self.input = input }

    /// All of them; notes pools and zones that do not exist.
    func drafts(_ findings: inout [PolicyFinding]) -> [RuleDraft] {
        var drafts = [Self.signIn]
        drafts += roles(input.roles, nil, "county", input.origin)
        for municipality in input.municipalities {
            drafts += self.drafts(municipality, &findings)
            drafts += roles(municipality.roles, municipality.name, municipality.name, municipality.origin)
        }
        return drafts
    }

    /// Who is known at all may come in at the portal; a guardrail may still forbid it.
    private static let signIn = RuleDraft(
        name: PolicyRuleName(name: "built-in/sign-in", origin: .builtIn),
        kind: .builtIn,
        text: """
            @id("built-in/sign-in")
            permit (principal, action == Gw::Action::"login", resource)
            when { principal.active };
            """
    )

    // MARK: Municipalities

    private func drafts(
        _ municipality: PolicyMunicipality,
        _ findings: inout [PolicyFinding]
    ) -> [RuleDraft] {
        let pools = Set(municipality.pools.map(\.name))
        let zones = Set(input.zones.map(\.name) + [PolicyZone.elsewhere])
        var drafts: [RuleDraft] = []
        for row in municipality.rows {
            let name = "\(municipality.name)/access/\(row.name)"
            for pool in row.pools where !pools.contains(pool) {
                let known = pools.sorted().joined(separator: ", ")
                findings.append(
                    PolicyFinding(
                        .error,
                        rule: name,
                        origin: row.origin,
                        "there is no pool \"\(pool)\" in \(municipality.name)",
                        hint: "pools here: \(known)"
                    )
                )
            }
            for zone in row.zones where !zones.contains(zone) {
                let known = zones.sorted().joined(separator: ", ")
                findings.append(
                    PolicyFinding(
                        .error,
                        rule: name,
                        origin: row.origin,
                        "there is no zone \"\(zone)\"",
                        hint: "zones: \(known)"
                    )
                )
            }
            let text = RowText(municipality: municipality.name, row: row, id: name).policy
            drafts.append(
                RuleDraft(name: PolicyRuleName(name: name, origin: row.origin), kind: .row, text: text)
            )
        }
        for pool in municipality.pools where !municipality.isRuledByRows(pool) {
            let name = "\(municipality.name)/\(pool.name)/groups"
            let row = AccessRow(
                name: pool.name,
                groups: pool.groups,
                pools: [pool.name],
                hours: pool.hours,
                may: pool.redirections,
                origin: pool.origin
            )
            let text = RowText(municipality: municipality.name, row: row, id: name).policy
            drafts.append(
                RuleDraft(name: PolicyRuleName(name: name, origin: pool.origin), kind: .pool, text: text)
            )
        }
        return drafts
    }

    // MARK: Roles

    private func roles(
        _ roles: [PolicyRole: [String]],
        _ municipality: String?,
        _ prefix: String,
        _ origin: PolicyOrigin
    ) -> [RuleDraft] {
        PolicyRole.allCases.compactMap { role in
            guard let groups = roles[role], !groups.isEmpty else { return nil }
            let name = "\(prefix)/roles/\(role.rawValue)"
            let actions = role.actions.map { Gw.uid(Gw.action, $0.rawValue).description }
            let resource = municipality.map { "resource in \(Gw.uid(Gw.municipality, $0))" } ?? "resource"
            let (scope, condition) = RowText.membership(groups)
            var text = "@id(\(CedarEscaping.quoted(name)))\n"
            text += "permit (\(scope), action in [\(actions.joined(separator: ", "))], \(resource))"
            if let condition { text += "\nwhen { \(condition) }" }
            return RuleDraft(
                name: PolicyRuleName(name: name, origin: origin),
                kind: .role,
                text: text + ";"
            )
        }
    }
}

extension PolicyRole {
    /// What its members may do.
    package var actions: [PolicyAction] {
        switch self {
        case .auditor: [.viewAudit, .exportAudit]
        case .dataProtection: [.viewAudit, .exportAudit, .revealPseudonym, .answerReveal, .retainAudit]
        case .keyHolder: [.answerReveal, .retainAudit]
        case .operator: [.operate]
        }
    }
}

extension PolicyMunicipality {
    /// Whether rows decide about this pool, and its groups and hours do not.
    package func isRuledByRows(_ pool: PolicyPool) -> Bool {
        rows.contains { $0.pools.isEmpty || $0.pools.contains(pool.name) }
    }
}
