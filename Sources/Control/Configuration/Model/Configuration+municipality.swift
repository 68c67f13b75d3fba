// SPDX-License-Identifier: EUPL-1.2
// Torhaus: municipalities, their pools and desktops.

package import AccessPolicy

extension Configuration {
    /// One file below `municipalities`.
    package struct Municipality: Hashable, Sendable {
        /// `[a-z0-9-]`, the file's name.
        package let name: String
        package let title: String
        /// NSS groups whose members belong to it.
        package let groups: [String]
        /// False: its people get in while the audit log is away; records then wait on the control plane's disk.
        package let auditRequired: Bool
        package let pools: [Pool]
        /// The rows of `access`; pools they speak about are ruled by them alone.
        package let access: [AccessRow]
        /// Groups by role, for this municipality only.
        package let roles: [PolicyRole: [String]]
        /// The file.
        package let origin: PolicyOrigin

        /// All parts.
        package init(
            name: String,
            title: String,
            groups: [String],
            auditRequired: Bool = true,
            pools: [Pool],
            access: [AccessRow] = [],
            roles: [PolicyRole: [String]] = [:],
            origin: PolicyOrigin = .builtIn
        ) {
            self.name = name
            self.title = title
            self.groups = groups
            self.auditRequired = auditRequired
            self.pools = pools
            self.access = access
            self.roles = roles
            self.origin = origin
        }
    }

    /// Desktops that the same people may open on the same terms.
    package struct Pool: Hashable, Sendable {
        /// `[a-z0-9-]`, unique in the municipality.
        package let name: String
        package let title: String
        /// NSS groups whose members may open these desktops; the municipality's when the file names none.
        package let groups: [String]
        /// When they may be opened, in German civil time; empty: always.
        package let hours: [HoursRule]
        /// What clients may pass on; all else is forbidden.
        package let redirections: Set<Redirection>
        /// In effect, never above the county's; nil: no limit.
        package let idle: Duration?
        /// In effect, never above the county's; nil: no limit.
        package let longest: Duration?
        /// Whether guardrails for sensitive data apply.
        package let sensitive: Bool
        package let desktops: [Desktop]
        /// Where the pool stands.
        package let origin: PolicyOrigin

        /// All parts.
        package init(
            name: String,
            title: String,
            groups: [String],
            hours: [HoursRule] = [],
            redirections: Set<Redirection> = [],
            idle: Duration? = .seconds(1800),
            longest: Duration? = .seconds(36_000),
            sensitive: Bool = false,
            desktops: [Desktop],
            origin: PolicyOrigin = .builtIn
        ) {
            self.name = name
            self.title = title
            self.groups = groups
            self.hours = hours
            self.redirections = redirections
            self.idle = idle
            self.longest = longest
            self.sensitive = sensitive
            self.desktops = desktops
            self.origin = origin
        }

        /// True when the desktops may be opened at that time (milliseconds since 1970).
        package func isOpen(at milliseconds: UInt64) -> Bool {
            guard !hours.isEmpty else { return true }
            let now = CivilTime.berlin(milliseconds: milliseconds)
            return hours.contains { $0.contains(weekday: now.weekday, minuteOfDay: now.minuteOfDay) }
        }
    }

    /// One machine that people work at.
    package struct Desktop: Hashable, Sendable {
        /// Unique in the county: `municipality/pool/name`.
        package let id: String
        /// `[a-z0-9-]`, unique in the county.
        package let name: String
        package let title: String
        /// What .rdp files carry as address, lower case; never an inner address.
        package let dns: String
        package let rdp: Endpoint?
        package let vnc: Endpoint?
        /// The account to suggest at the desktop, or empty.
        package let account: String

        /// All parts; at least one of `rdp` and `vnc`.
        package init(
            id: String,
            name: String,
            title: String,
            dns: String,
            rdp: Endpoint?,
            vnc: Endpoint?,
            account: String = ""
        ) {
            self.id = id
            self.name = name
            self.title = title
            self.dns = dns
            self.rdp = rdp
            self.vnc = vnc
            self.account = account
        }
    }

    /// What a client may pass between the person's machine and the desktop.
    package enum Redirection: String, Hashable, Sendable, CaseIterable {
        case clipboard
        case printer
        case drive
        case smartcard
        case audio
        case microphone
        case port
        case webauthn
    }
}
