// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads one municipality's file.

internal import DaemonSettings

/// What one file below `municipalities` says, and where its desktops stand.
struct MunicipalityFile {
    /// A desktop's names with their places, for the check across the county.
    struct Named {
        let name: String
        let key: String
        let place: Place
        /// Which desktop it belongs to.
        let desktop: String
    }

    let municipality: Configuration.Municipality
    private(set) var names: [Named] = []

    /// Reads all keys; `stem` is the file's name without its ending.
    init(_ root: YAMLValue, _ findings: Findings, stem: String, sessions: Configuration.Sessions) {
        var file = Section(root, path: "", findings: findings)
        let namePlace = file.place(of: "name")
        let name = Self.name(&file)
        if !name.isEmpty, name != stem {
            findings.error(
                namePlace,
                "name",
                "the name is \"\(name)\", the file's is \"\(Spelling.printable(stem))\"",
                hint: "rename the file to \(name).yaml, or correct the name"
            )
        }
        let title = Self.title(&file, fallback: name)
        let groups = Self.groups(&file, file.requiredElements("groups", hint: "groups: [gemeinde-\(stem)]"))
        let elements = file.requiredElements("pools", limit: ConfigurationLimits.pools)
        let reader = PoolReader(municipality: name, groups: groups, sessions: sessions)
        var pools: [Configuration.Pool] = []
        var poolNames: Set<String> = []
        for section in file.sections(elements) {
            var section = section
            let place = section.place(of: "name")
            let pool = reader.pool(&section, &names)
            if !pool.name.isEmpty, !poolNames.insert(pool.name).inserted {
                findings.error(place, section.path("name"), "another pool of this municipality has this name")
            }
            pools.append(pool)
        }
        let policy = PolicyReader(file: findings.file)
        let access = AccessReader(reader: policy, groups: groups, sessions: sessions).rows(&file)
        let roles = policy.roles(&file)
        var audit = file.section("audit")
        let auditRequired = audit.flag("required", default: true)
        audit.finish()
        file.finish()
        municipality = Configuration.Municipality(
            name: name,
            title: title,
            groups: groups,
            auditRequired: auditRequired,
            pools: pools,
            access: access,
            roles: roles,
            origin: policy.origin(file.place)
        )
    }

    // MARK: Values that pools and desktops have too

    /// The key `name`: `[a-z0-9-]`.
    static func name(_ section: inout Section) -> String {
        guard let value = section.required("name"), let text = section.scalar(value, "name") else {
            return ""
        }
        let dash = UInt8(ascii: "-")
        let isGood = text.utf8.allSatisfy { byte in
            (Spelling.isLetterOrDigit(byte) && !(0x41...0x5A).contains(byte)) || byte == dash
        }
        guard isGood, let first = text.utf8.first, first != dash, text.utf8.last != dash,
            text.utf8.count <= ConfigurationLimits.nameBytes
        else {
            section.findings.error(
                value.place,
                section.path("name"),
                "expected 1 to \(ConfigurationLimits.nameBytes) of a-z, 0-9 and hyphens inside",
                hint: "the title may have umlauts and blanks, the name stands in addresses"
            )
            return ""
        }
        return text
    }

    /// The key `title`, or the name.
    static func title(_ section: inout Section, fallback: String) -> String {
        guard let value = section.value("title") else { return fallback }
        return section.line(value, "title", limit: ConfigurationLimits.titleBytes) ?? fallback
    }

    /// Names of NSS groups.
    static func groups(_ section: inout Section, _ elements: [Section.Element]) -> [String] {
        section.unique(
            elements.map { element in
                let name = section.line(element.value, element.key, limit: ConfigurationLimits.groupBytes)
                // Both separate names in /etc/group.
                guard let name, name.contains(":") || name.contains(",") else { return (element, name) }
                section.findings.error(
                    element.value.place,
                    section.path(element.key),
                    "a group's name has neither \":\" nor \",\""
                )
                return (element, nil)
            }
        )
    }
}
