// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what rules speak about, and the set of policies that the whole configuration means.

package import AccessPolicy
internal import OpenSSLKit

extension Configuration {
    /// The county's part of the rules.
    package struct Policy: Hashable, Sendable {
        /// The section `zones`.
        package let zones: [PolicyZone]
        /// The section `roles`, for the whole county.
        package let roles: [PolicyRole: [String]]
        /// Groups of people who are not the county's own staff.
        package let externalGroups: [String]
        /// The files below `paths.policies`.
        package let guardrails: [GuardrailFile]
        /// The county's file.
        package let origin: PolicyOrigin
        /// Names the set of policies; empty until it was made.
        package let version: String

        /// All parts.
        package init(
            zones: [PolicyZone] = [],
            roles: [PolicyRole: [String]] = [:],
            externalGroups: [String] = [],
            guardrails: [GuardrailFile] = [],
            origin: PolicyOrigin = .builtIn,
            version: String = ""
        ) {
            self.zones = zones
            self.roles = roles
            self.externalGroups = externalGroups
            self.guardrails = guardrails
            self.origin = origin
            self.version = version
        }

        /// The same with the version of the set that was made of it.
        func named(_ version: String) -> Policy {
            Policy(
                zones: zones,
                roles: roles,
                externalGroups: externalGroups,
                guardrails: guardrails,
                origin: origin,
                version: version
            )
        }
    }

    /// What the set of policies is made of.
    package var policyInput: PolicyInput {
        PolicyInput(
            municipalities: municipalities.map { $0.policyInput },
            zones: policy.zones,
            roles: policy.roles,
            externalGroups: policy.externalGroups,
            guardrails: policy.guardrails,
            origin: policy.origin
        )
    }

    /// Compiles the set of policies; its version is a SHA-256 of all rules.
    ///
    /// Loading has done this once already and found no error.
    package func policySet() throws(PolicyError) -> AccessPolicySet {
        try AccessPolicySet(policyInput, digest: Self.digest)
    }

    /// The first 16 bytes of SHA-256 in hexadecimal: names a version in every record.
    static func digest(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = Digest.sha256(bytes).prefix(16).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}

extension Configuration.Municipality {
    fileprivate var policyInput: PolicyMunicipality {
        PolicyMunicipality(
            name: name,
            title: title,
            groups: groups,
            pools: pools.map { $0.policyInput },
            rows: access,
            roles: roles,
            origin: origin
        )
    }
}

extension Configuration.Pool {
    fileprivate var policyInput: PolicyPool {
        PolicyPool(
            name: name,
            title: title,
            groups: groups,
            hours: hours.compactMap { $0.policyHours },
            redirections: Set(redirections.flatMap { $0.policyRedirections }),
            idleSeconds: idle?.wholeSeconds ?? 0,
            longestSeconds: longest?.wholeSeconds ?? 0,
            sensitive: sensitive,
            desktops: desktops.map(\.id),
            origin: origin
        )
    }
}

extension HoursRule {
    /// The same for the policy, which has the same bounds.
    package var policyHours: PolicyHours? {
        PolicyHours(days: Set(days.map(\.rawValue)), from: from, until: until)
    }
}

extension Configuration.Redirection {
    /// The actions of the policy that this word allows.
    package var policyRedirections: [PolicyRedirection] {
        switch self {
        case .clipboard: [.clipboardIn, .clipboardOut]
        case .printer: [.print]
        case .drive: [.driveIn, .driveOut]
        case .smartcard: [.smartcard]
        case .audio: [.audioOut]
        case .microphone: [.audioIn]
        case .port: [.port]
        case .webauthn: [.webauthn]
        }
    }

    /// Allowed when everything is that the word means: clients know no half of it.
    package static func allowed(by granted: Set<PolicyRedirection>) -> Set<Configuration.Redirection> {
        Set(allCases.filter { granted.isSuperset(of: $0.policyRedirections) })
    }
}
