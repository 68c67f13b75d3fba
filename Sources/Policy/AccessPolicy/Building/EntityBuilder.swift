// SPDX-License-Identifier: EUPL-1.2
// Torhaus: municipalities, pools, desktops, zones and groups as Cedar entities.

internal import Cedar

/// Everything but people.
struct EntityBuilder {
    private let input: PolicyInput

    init(_ input: PolicyInput) { self.input = input }

    /// All entities, each once.
    var entities: [CedarEntity] {
        let county = Gw.uid(Gw.municipality, Gw.county)
        var all = [
            Self.municipality(Gw.county, title: "", parents: []),
            Self.municipality(Gw.nowhere, title: "", parents: []),
            CedarEntity(uid: Gw.uid(Gw.auditLog, Gw.county), parents: [county]),
            CedarEntity(uid: Gw.uid(Gw.gateway, Gw.county)),
        ]
        for municipality in input.municipalities {
            let uid = Gw.uid(Gw.municipality, municipality.name)
            all.append(Self.municipality(municipality.name, title: municipality.title, parents: [county]))
            all.append(CedarEntity(uid: Gw.uid(Gw.auditLog, municipality.name), parents: [uid]))
            for pool in municipality.pools {
                let poolUID = Gw.uid(Gw.pool, "\(municipality.name)/\(pool.name)")
                let attributes = CedarRecord(["sensitive": .bool(pool.sensitive)])
                all.append(CedarEntity(uid: poolUID, attributes: attributes, parents: [uid]))
                all += pool.desktops.map {
                    CedarEntity(uid: Gw.uid(Gw.desktop, $0), attributes: attributes, parents: [poolUID])
                }
            }
        }
        all.append(CedarEntity(uid: Gw.uid(Gw.zone, PolicyZone.elsewhere)))
        all += input.zones.filter { $0.name != PolicyZone.elsewhere }.map { zone in
            let parents = zone.parent.map { [Gw.uid(Gw.zone, $0)] } ?? []
            return CedarEntity(uid: Gw.uid(Gw.zone, zone.name), parents: Set(parents))
        }
        all += input.groups.sorted().map { CedarEntity(uid: Gw.uid(Gw.group, $0)) }
        return all
    }

    private static func municipality(_ id: String, title: String, parents: Set<EntityUID>) -> CedarEntity {
        CedarEntity(
            uid: Gw.uid(Gw.municipality, id),
            attributes: CedarRecord(["title": .string(CedarText(title))]),
            parents: parents
        )
    }

    // MARK: Findings

    /// Zones that cannot be told apart or hang in the air.
    static func findings(_ input: PolicyInput) -> [PolicyFinding] {
        var findings: [PolicyFinding] = []
        var owners: [CedarIPAddress: String] = [:]
        let names = Set(input.zones.map(\.name) + [PolicyZone.elsewhere])
        var seen: Set<String> = []
        for zone in input.zones {
            if !seen.insert(zone.name).inserted {
                findings.append(
                    PolicyFinding(.error, origin: zone.origin, "the zone \"\(zone.name)\" stands here twice")
                )
            }
            if zone.name == PolicyZone.elsewhere {
                findings.append(
                    PolicyFinding(
                        .error,
                        origin: zone.origin,
                        "\"\(zone.name)\" is every address that no zone holds",
                        hint: "choose another name"
                    )
                )
            }
            if let parent = zone.parent, !names.contains(parent) {
                findings.append(
                    PolicyFinding(
                        .error,
                        origin: zone.origin,
                        "there is no zone \"\(parent)\"",
                        hint: "zones: \(names.sorted().joined(separator: ", "))"
                    )
                )
            }
            for network in zone.networks {
                if let other = owners.updateValue(zone.name, forKey: network.masked) {
                    findings.append(
                        PolicyFinding(
                            .error,
                            origin: zone.origin,
                            "the range \(network) belongs to the zone \"\(other)\" too"
                        )
                    )
                }
            }
        }
        return findings
    }
}

extension PolicyInput {
    /// All groups that anything names.
    package var groups: Set<String> {
        var all = Set(externalGroups)
        for groups in roles.values { all.formUnion(groups) }
        for municipality in municipalities {
            all.formUnion(municipality.groups)
            for groups in municipality.roles.values { all.formUnion(groups) }
            for pool in municipality.pools { all.formUnion(pool.groups) }
            for row in municipality.rows { all.formUnion(row.groups) }
        }
        return all
    }
}
