// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads what rules speak about: zones, roles, external groups.

internal import AccessPolicy
internal import Cedar
internal import DaemonSettings

/// Reads the county's part of the rules.
struct PolicyReader {
    let file: String

    /// The keys `zones`, `roles` and `external_groups`.
    func policy(_ section: inout Section) -> Configuration.Policy {
        let place = section.place
        let zones = section.elements("zones", mayBeEmpty: true).map { elements in
            section.sections(elements).map { zone in
                var zone = zone
                return self.zone(&zone)
            }
        }
        let external = section.elements("external_groups", mayBeEmpty: true)
        return Configuration.Policy(
            zones: zones ?? [],
            roles: roles(&section),
            externalGroups: external.map { MunicipalityFile.groups(&section, $0) } ?? [],
            origin: origin(place)
        )
    }

    /// The section `roles`: a list of groups for each word.
    func roles(_ section: inout Section) -> [PolicyRole: [String]] {
        var roles = section.section("roles")
        var read: [PolicyRole: [String]] = [:]
        for role in PolicyRole.allCases {
            guard let elements = roles.elements(role.rawValue, mayBeEmpty: true) else { continue }
            read[role] = MunicipalityFile.groups(&roles, elements)
        }
        roles.finish()
        return read
    }

    /// Where something stands in our file.
    func origin(_ place: Place) -> PolicyOrigin {
        PolicyOrigin(
            file: file,
            position: SourcePosition(line: Int32(clamping: place.line), column: Int32(clamping: place.column))
        )
    }

    /// One entry of `zones`.
    private func zone(_ section: inout Section) -> PolicyZone {
        let place = section.place
        let name = MunicipalityFile.name(&section)
        let elements = section.requiredElements("networks", hint: "networks: [10.0.0.0/8, \"2001:db8::/32\"]")
        let networks = elements.compactMap { element -> CedarIPAddress? in
            guard let text = section.scalar(element.value, element.key) else { return nil }
            guard let range = CedarIPAddress(text) else {
                section.findings.error(
                    element.value.place,
                    section.path(element.key),
                    "expected an address range",
                    hint: "write for example 10.20.0.0/16 or 2001:db8::/32; "
                        + "found \"\(Spelling.printable(text))\""
                )
                return nil
            }
            return range
        }
        let parent = section.value("in").flatMap { value in
            section.line(value, "in", limit: ConfigurationLimits.nameBytes)
        }
        section.finish()
        return PolicyZone(name: name, networks: networks, parent: parent, origin: origin(place))
    }
}
