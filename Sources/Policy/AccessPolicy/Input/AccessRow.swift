// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one row of `access:` in a municipality's file.

/// Who may open what, when, from where and how; what a row leaves open is not restricted, but for `may`.
package struct AccessRow: Hashable, Sendable {
    /// What a row says of public holidays.
    package enum Holidays: String, Hashable, Sendable, CaseIterable {
        /// They are days as others.
        case open
        /// The row does not hold on them.
        case closed
        /// The row holds on nothing else.
        case only
    }

    /// Which second factor a row asks for.
    package enum Factor: Hashable, Sendable {
        /// Any but `none`.
        case any
        /// One of these; not empty.
        case oneOf(Set<PolicyFactor>)
    }

    /// Unique in the municipality; `row-3` by position when the file gives no name.
    package var name: String
    /// NSS groups, one of which the person must be in; not empty.
    package var groups: [String]
    /// Short names of pools of this municipality; empty: all of them.
    package var pools: [String]
    /// Empty: at any time.
    package var hours: [PolicyHours]
    package var holidays: Holidays
    /// Names of zones, one of which the client must be in; empty: from anywhere.
    package var zones: [String]
    /// Nil: none is asked for.
    package var factor: Factor?
    /// How old the factor may be in seconds; nil: any age.
    package var factorSeconds: UInt32?
    /// Whether the person's machine must be managed.
    package var managedDevice: Bool
    /// Empty: any kind.
    package var clients: Set<PolicyClientKind>
    /// What may pass; all else may not.
    package var may: Set<PolicyRedirection>
    /// Seconds; nil: the pool's limit alone.
    package var idleSeconds: UInt32?
    /// Seconds; nil: the pool's limit alone.
    package var longestSeconds: UInt32?
    /// Whether sessions by this row are recorded as such.
    package var record: Bool
    package var origin: PolicyOrigin

    /// All parts.
    package init(
        name: String,
        groups: [String],
        pools: [String] = [],
        hours: [PolicyHours] = [],
        holidays: Holidays = .open,
        zones: [String] = [],
        factor: Factor? = nil,
        factorSeconds: UInt32? = nil,
        managedDevice: Bool = false,
        clients: Set<PolicyClientKind> = [],
        may: Set<PolicyRedirection> = [],
        idleSeconds: UInt32? = nil,
        longestSeconds: UInt32? = nil,
        record: Bool = false,
        origin: PolicyOrigin = .builtIn
    ) {
        self.name = name
        self.groups = groups
        self.pools = pools
        self.hours = hours
        self.holidays = holidays
        self.zones = zones
        self.factor = factor
        self.factorSeconds = factorSeconds
        self.managedDevice = managedDevice
        self.clients = clients
        self.may = may
        self.idleSeconds = idleSeconds
        self.longestSeconds = longestSeconds
        self.record = record
        self.origin = origin
    }
}
