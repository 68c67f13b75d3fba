// SPDX-License-Identifier: EUPL-1.2
// Torhaus: everything of the configuration that decides about tickets and sessions, as one immutable value.

/// What is in force now.
package struct SessionRules: Sendable, Hashable {
    /// Names this state of the configuration in records.
    package var version: String
    package var directory: DesktopDirectory
    package var ticketMilliseconds: UInt64
    package var binding: NetworkBinding
    package var graceMilliseconds: UInt64
    /// 0 for never.
    package var reauthenticateSeconds: UInt32
    package var consentText: String
    /// HTTP Basic at the gate.
    package var basic: Bool
    package var webIdleMilliseconds: UInt64
    package var webLongestMilliseconds: UInt64
    package var sessionsPerPerson: Int
    /// Municipalities that decided not to wait for the audit log.
    package var unauditedMunicipalities: Set<String>

    /// Sessions one person may have open unless the configuration says otherwise: a deputy needs two, a
    /// browser and a client beside each other make four.
    package static let defaultSessionsPerPerson = 4

    package init(
        version: String = "",
        directory: DesktopDirectory,
        ticketMilliseconds: UInt64 = 300_000,
        binding: NetworkBinding = .prefix,
        graceMilliseconds: UInt64 = 120_000,
        reauthenticateSeconds: UInt32 = 0,
        consentText: String = "",
        basic: Bool = false,
        webIdleMilliseconds: UInt64 = 1_800_000,
        webLongestMilliseconds: UInt64 = 36_000_000,
        sessionsPerPerson: Int = Self.defaultSessionsPerPerson,
        unauditedMunicipalities: Set<String> = []
    ) {
        self.version = version
        self.directory = directory
        self.ticketMilliseconds = ticketMilliseconds
        self.binding = binding
        self.graceMilliseconds = graceMilliseconds
        self.reauthenticateSeconds = reauthenticateSeconds
        self.consentText = consentText
        self.basic = basic
        self.webIdleMilliseconds = webIdleMilliseconds
        self.webLongestMilliseconds = webLongestMilliseconds
        self.sessionsPerPerson = sessionsPerPerson
        self.unauditedMunicipalities = unauditedMunicipalities
    }
}
