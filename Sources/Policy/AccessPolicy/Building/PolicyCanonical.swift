// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the version of a set is made of beside the rules.

internal import Cedar

/// Lines that are the same for the same entities, on every machine and after every restart.
enum PolicyCanonical {
    /// Everything rules can ask about; titles are left out.
    static func lines(_ input: PolicyInput) -> [String] {
        var lines = input.zones.map { zone in
            "zone|\(zone.name)|\(zone.parent ?? "")|\(zone.networks.map(\.description).joined(separator: ","))"
        }
        lines.append("external|\(input.externalGroups.joined(separator: ","))")
        for municipality in input.municipalities {
            lines.append("municipality|\(municipality.name)|\(municipality.groups.joined(separator: ","))")
            for pool in municipality.pools {
                let limits = "\(pool.idleSeconds)|\(pool.longestSeconds)|\(pool.sensitive)"
                lines.append("pool|\(pool.name)|\(limits)|\(pool.desktops.joined(separator: ","))")
            }
        }
        return lines
    }
}
