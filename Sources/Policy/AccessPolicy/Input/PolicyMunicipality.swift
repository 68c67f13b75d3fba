// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a municipality, its pools and its rows as the policy sees them.

/// One municipality.
package struct PolicyMunicipality: Hashable, Sendable {
    /// `[a-z0-9-]`, unique in the county.
    package var name: String
    package var title: String
    /// NSS groups whose members belong to it.
    package var groups: [String]
    package var pools: [PolicyPool]
    /// The rows of `access:`; a pool that a row names, or that a row for all pools reaches, is ruled by its rows alone.
    package var rows: [AccessRow]
    /// Groups by role; they hold for this municipality only.
    package var roles: [PolicyRole: [String]]
    package var origin: PolicyOrigin

    /// All parts.
    package init(
        name: String,
        title: String,
        groups: [String],
        pools: [PolicyPool],
        rows: [AccessRow] = [],
        roles: [PolicyRole: [String]] = [:],
        origin: PolicyOrigin = .builtIn
    ) {
        self.name = name
        self.title = title
        self.groups = groups
        self.pools = pools
        self.rows = rows
        self.roles = roles
        self.origin = origin
    }
}

/// Desktops on the same terms.
package struct PolicyPool: Hashable, Sendable {
    /// `[a-z0-9-]`, unique in the municipality.
    package var name: String
    package var title: String
    /// Who may open these desktops while no row rules the pool.
    package var groups: [String]
    /// When, while no row rules the pool; empty: always.
    package var hours: [PolicyHours]
    /// What may pass, while no row rules the pool.
    package var redirections: Set<PolicyRedirection>
    /// Seconds, 0 for no limit; holds whatever rule grants.
    package var idleSeconds: UInt32
    /// Seconds, 0 for no limit; holds whatever rule grants.
    package var longestSeconds: UInt32
    /// Whether guardrails for sensitive data apply.
    package var sensitive: Bool
    /// Ids, `municipality/pool/desktop`.
    package var desktops: [String]
    package var origin: PolicyOrigin

    /// All parts.
    package init(
        name: String,
        title: String,
        groups: [String],
        hours: [PolicyHours] = [],
        redirections: Set<PolicyRedirection> = [],
        idleSeconds: UInt32 = 0,
        longestSeconds: UInt32 = 0,
        sensitive: Bool = false,
        desktops: [String],
        origin: PolicyOrigin = .builtIn
    ) {
        self.name = name
        self.title = title
        self.groups = groups
        self.hours = hours
        self.redirections = redirections
        self.idleSeconds = idleSeconds
        self.longestSeconds = longestSeconds
        self.sensitive = sensitive
        self.desktops = desktops
        self.origin = origin
    }
}
