// SPDX-License-Identifier: EUPL-1.2
// Torhaus: when, from where and with what somebody asks.

import AccessPolicy
import ArgumentParser
import Cedar
import PolicyTools

/// Circumstances on the command line.
struct SituationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Such as 22:15, \"sat 9:00\" or \"2026-12-24 10:00\"; now otherwise.",
            valueName: "time"
        )
    )
    var at: String?

    @Option(
        help: ArgumentHelp("The client's address; somewhere on the internet otherwise.", valueName: "address")
    )
    var from: String?

    @Option(help: ArgumentHelp("none, totp, push, webauthn or smartcard.", valueName: "factor"))
    var factor: PolicyFactor = .totp

    @Option(help: ArgumentHelp("How long ago the factor was shown, such as 5m.", valueName: "time"))
    var factorAge = "0s"

    @Option(help: ArgumentHelp("native or browser.", valueName: "kind"))
    var client: PolicyClientKind = .native

    @Flag(help: "The machine showed a certificate of the county.")
    var managed = false

    @Option(help: ArgumentHelp("What the certificate calls the machine; means --managed.", valueName: "name"))
    var device: String?

    /// Whether anything was said about when, from where or with what.
    var isNarrowed: Bool {
        at != nil || from != nil || factor != .totp || factorAge != "0s" || managed || device != nil
            || client != .native
    }

    // RFC 5737, TEST-NET-3: no zone of a county.
    static let internet = "203.0.113.7"

    func circumstances() throws -> PolicyCircumstances {
        let now = PolicyFiles.now
        guard let time = at.map({ MomentText.parse($0, reference: now) }) ?? now else {
            throw ValidationError("--at: \"\(at ?? "")\" is no time; write 22:15 or \"2026-12-24 10:00\".")
        }
        guard let address = CedarIPAddress(from ?? Self.internet) else {
            throw ValidationError("--from: \"\(from ?? "")\" is no address.")
        }
        guard let age = CedarDuration(factorAge), 0 <= age.milliseconds else {
            throw ValidationError("--factor-age: \"\(factorAge)\" is no time; write 90s, 5m or 12h.")
        }
        return PolicyCircumstances(
            time: time,
            address: address,
            factor: factor,
            factorAge: age.milliseconds / 1_000,
            client: client,
            trust: managed || device != nil ? .managed : .unknown,
            device: device
        )
    }
}

/// Who asks.
struct PersonOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The person's groups, with commas between; those of this machine otherwise.",
            valueName: "names"
        )
    )
    var groups: String?

    func groups(of user: String) throws -> [String] {
        guard let groups else { return try PersonDirectory.groups(of: user) }
        return groups.split(separator: ",").map { String($0.drop { $0 == " " }) }.filter { !$0.isEmpty }
    }
}

extension PolicyFactor: ExpressibleByArgument {}
extension PolicyClientKind: ExpressibleByArgument {}
extension PolicyAction: ExpressibleByArgument {}

extension AccessPolicySet {
    /// The desktops a name means: `municipality/pool/desktop`, `municipality/pool` for its first one, or an
    /// unambiguous last part.
    func desktop(_ name: String) throws -> String {
        let pools = input.municipalities.flatMap { municipality in
            municipality.pools.map { (id: "\(municipality.name)/\($0.name)", desktops: $0.desktops) }
        }
        let all = pools.flatMap(\.desktops)
        if all.contains(name) { return name }
        if let first = pools.first(where: { $0.id == name })?.desktops.first { return first }
        let ending = all.filter { $0.hasSuffix("/\(name)") }
        if let only = ending.first, ending.count == 1 { return only }
        if let first = ending.first {
            throw CedarProblem(text: "\(name) may be \(first) or another of \(ending.count); write it whole")
        }
        throw CedarProblem(text: "there is no desktop \(name); write municipality/pool/desktop")
    }
}
