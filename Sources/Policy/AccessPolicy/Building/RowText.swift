// SPDX-License-Identifier: EUPL-1.2
// Torhaus: writes one row as a Cedar policy.

internal import Cedar

/// One row, one policy; each key of the row is a condition of its own, so that an explanation can name it.
struct RowText {
    let municipality: String
    let row: AccessRow
    let id: String

    /// The policy, which grants only inside the municipality.
    var policy: String {
        var lines = ["@id(\(CedarEscaping.quoted(id)))"]
        if let idle = row.idleSeconds { lines.append("@idle_timeout(\"\(Self.duration(idle))\")") }
        if let longest = row.longestSeconds { lines.append("@max_session(\"\(Self.duration(longest))\")") }
        if row.record { lines.append("@record(\"on\")") }
        let (principal, membership) = Self.membership(row.groups)
        lines.append("permit (\(principal), \(actions), \(resource))")
        let conditions = [place, membership, hours, holidays, zones, factor, age, device, clients]
        lines += conditions.compactMap { $0 }.map { "when { \($0) }" }
        return lines.joined(separator: "\n") + ";"
    }

    /// One group stands in the scope, where it is found quickest; several in a condition.
    static func membership(_ groups: [String]) -> (scope: String, condition: String?) {
        let names = groups.map { Gw.uid(Gw.group, $0).description }
        guard let first = names.first, names.count == 1 else {
            return ("principal", "principal in [\(names.joined(separator: ", "))]")
        }
        return ("principal in \(first)", nil)
    }

    // MARK: Scope

    private var actions: String {
        let redirections = PolicyRedirection.allCases.filter(row.may.contains)
        let names = ["session"] + redirections.map(\.rawValue)
        return "action in [\(names.map { Gw.uid(Gw.action, $0).description }.joined(separator: ", "))]"
    }

    private var resource: String {
        row.pools.count == 1 ? "resource in \(pool(row.pools.joined()))" : "resource in \(inside)"
    }

    private var inside: String { Gw.uid(Gw.municipality, municipality).description }

    private func pool(_ name: String) -> String { Gw.uid(Gw.pool, "\(municipality)/\(name)").description }

    // MARK: Conditions

    /// What the scope does not say about the place already.
    private var place: String? {
        switch row.pools.count {
        case 0: nil
        case 1: "resource in \(inside)"
        default: "resource in [\(row.pools.map(pool).joined(separator: ", "))]"
        }
    }

    private var hours: String? {
        let texts = row.hours.map(Self.text)
        // A stretch of all days and all hours makes the others idle.
        guard !texts.isEmpty, !texts.contains(Self.always) else { return nil }
        return texts.joined(separator: " || ")
    }

    private static func text(_ hours: PolicyHours) -> String {
        let from = hours.from == 0 ? nil : "\(hours.from) <= context.local.minute"
        let until =
            hours.until == PolicyHours.minutesPerDay ? nil : "context.local.minute < \(hours.until)"
        guard hours.runsOverMidnight else { return all([days(hours.days), from, until]) }
        let following = Set(hours.days.map { $0 % 7 + 1 })
        return "\(all([days(hours.days), from])) || \(all([days(following), until]))"
    }

    private static let always = "true"

    private static func days(_ days: Set<Int>) -> String? {
        guard days.count < 7 else { return nil }
        return "[\(days.sorted().map { "\($0)" }.joined(separator: ", "))].contains(context.local.weekday)"
    }

    private static func all(_ parts: [String?]) -> String {
        let stated = parts.compactMap { $0 }
        return stated.isEmpty ? always : stated.joined(separator: " && ")
    }

    private var holidays: String? {
        switch row.holidays {
        case .open: nil
        case .closed: "!context.local.holiday"
        case .only: "context.local.holiday"
        }
    }

    private var zones: String? {
        guard !row.zones.isEmpty else { return nil }
        let names = row.zones.map { Gw.uid(Gw.zone, $0).description }
        return "context.zone in [\(names.joined(separator: ", "))]"
    }

    private var factor: String? {
        switch row.factor {
        case nil: return nil
        case .any: return "context.mfa != \(Gw.uid(Gw.factor, PolicyFactor.none.rawValue))"
        case .oneOf(let factors):
            let names = PolicyFactor.allCases.filter(factors.contains).map {
                Gw.uid(Gw.factor, $0.rawValue).description
            }
            return "[\(names.joined(separator: ", "))].contains(context.mfa)"
        }
    }

    private var age: String? {
        row.factorSeconds.map { "context.mfaAge <= duration(\"\(Self.duration($0))\")" }
    }

    private var device: String? {
        row.managedDevice
            ? "context.trust == \(Gw.uid(Gw.trust, PolicyTrust.managed.rawValue))" : nil
    }

    private var clients: String? {
        guard !row.clients.isEmpty, row.clients.count < PolicyClientKind.allCases.count else { return nil }
        let names = PolicyClientKind.allCases.filter(row.clients.contains).map {
            Gw.uid(Gw.client, $0.rawValue).description
        }
        return "[\(names.joined(separator: ", "))].contains(context.client)"
    }

    private static func duration(_ seconds: UInt32) -> String {
        CedarDuration(milliseconds: Int64(seconds) * 1000).description
    }
}
