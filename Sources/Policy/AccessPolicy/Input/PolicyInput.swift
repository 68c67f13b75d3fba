// SPDX-License-Identifier: EUPL-1.2
// Torhaus: everything a set of policies is made of.

package import Cedar

/// A named part of the network.
package struct PolicyZone: Hashable, Sendable {
    /// `[a-z0-9-]`.
    package var name: String
    /// Address ranges; of all zones the longest range that holds an address decides.
    package var networks: [CedarIPAddress]
    /// The zone this one is part of.
    package var parent: String?
    package var origin: PolicyOrigin

    /// All parts.
    package init(
        name: String,
        networks: [CedarIPAddress],
        parent: String? = nil,
        origin: PolicyOrigin = .builtIn
    ) {
        self.name = name
        self.networks = networks
        self.parent = parent
        self.origin = origin
    }

    /// Where an address is that no zone holds.
    package static let elsewhere = "internet"
}

/// A file of Cedar policies that hold for the whole county.
package struct GuardrailFile: Hashable, Sendable {
    package var file: String
    package var text: String

    /// Both parts.
    package init(file: String, text: String) {
        self.file = file
        self.text = text
    }
}

/// What the configuration and the files of guardrails say.
package struct PolicyInput: Hashable, Sendable {
    package var municipalities: [PolicyMunicipality]
    package var zones: [PolicyZone]
    /// Groups by role for the whole county.
    package var roles: [PolicyRole: [String]]
    /// NSS groups whose members are not the county's own staff.
    package var externalGroups: [String]
    package var guardrails: [GuardrailFile]
    /// Where zones and roles stand.
    package var origin: PolicyOrigin

    /// All parts.
    package init(
        municipalities: [PolicyMunicipality],
        zones: [PolicyZone] = [],
        roles: [PolicyRole: [String]] = [:],
        externalGroups: [String] = [],
        guardrails: [GuardrailFile] = [],
        origin: PolicyOrigin = .builtIn
    ) {
        self.municipalities = municipalities
        self.zones = zones
        self.roles = roles
        self.externalGroups = externalGroups
        self.guardrails = guardrails
        self.origin = origin
    }
}
