// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads one pool of a municipality's file.

internal import DaemonSettings

/// Reads pools and their desktops.
struct PoolReader {
    let municipality: String
    /// The municipality's, for pools that name none.
    let groups: [String]
    /// The county's limits.
    let sessions: Configuration.Sessions

    /// One entry of `pools`.
    func pool(_ section: inout Section, _ names: inout [MunicipalityFile.Named]) -> Configuration.Pool {
        let name = MunicipalityFile.name(&section)
        let title = MunicipalityFile.title(&section, fallback: name)
        let own = section.elements("groups")
        let hours = hours(&section)
        let redirections = redirections(&section)
        let idle = limit(&section, "idle", ConfigurationLimits.idle, county: sessions.idle)
        let longest = limit(&section, "longest", ConfigurationLimits.longest, county: sessions.longest)
        let elements = section.requiredElements("desktops", limit: ConfigurationLimits.desktops)
        let sensitive = section.flag("sensitive", default: false)
        let prefix = "\(municipality)/\(name)"
        var desktops: [Configuration.Desktop] = []
        for element in section.sections(elements) {
            var element = element
            desktops.append(DesktopReader(prefix: prefix).desktop(&element, &names))
        }
        let pool = Configuration.Pool(
            name: name,
            title: title,
            groups: own.map { MunicipalityFile.groups(&section, $0) } ?? groups,
            hours: hours,
            redirections: redirections,
            idle: idle,
            longest: longest,
            sensitive: sensitive,
            desktops: desktops,
            origin: PolicyReader(file: section.findings.file).origin(section.place)
        )
        section.finish()
        return pool
    }

    /// One text, or a list of them.
    private func hours(_ section: inout Section) -> [HoursRule] {
        guard let value = section.value("hours") else { return [] }
        var texts: [(value: YAMLValue, key: String)] = [(value, "hours")]
        if case .list(let list) = value.content {
            texts = list.prefix(ConfigurationLimits.entries).enumerated().map { ($1, "hours[\($0)]") }
            // Without a rule the pool would be open always: the opposite of what an empty list looks like.
            if list.isEmpty {
                section.findings.error(
                    value.place,
                    section.path("hours"),
                    "the list is empty",
                    hint: HoursText.hint
                )
            }
        }
        var rules: [HoursRule] = []
        for (value, key) in texts {
            guard let text = section.line(value, key, limit: ConfigurationLimits.titleBytes) else { continue }
            do throws(HoursTextError) {
                rules += try HoursText.rules(text)
            } catch {
                section.findings.error(
                    value.place,
                    section.path(key),
                    Spelling.printable(error.message),
                    hint: HoursText.hint
                )
            }
        }
        return rules
    }

    private func redirections(_ section: inout Section) -> Set<Configuration.Redirection> {
        let elements = section.elements("redirections", mayBeEmpty: true) ?? []
        let read = elements.map { element -> (Section.Element, String?) in
            let text = section.scalar(element.value, element.key)
            let word: Configuration.Redirection? = text.flatMap {
                section.word($0, element.value.place, element.key)
            }
            return (element, word?.rawValue)
        }
        return Set(section.unique(read).compactMap(Configuration.Redirection.init(rawValue:)))
    }

    /// A pool's limit; above the county's it is a mistake.
    private func limit(
        _ section: inout Section,
        _ key: String,
        _ bounds: ClosedRange<Int>,
        county: Duration?
    ) -> Duration? {
        let place = section.place(of: key)
        let read = section.duration(key, bounds, default: county, mayBeOff: true)
        guard let county else { return read }
        guard let read, read <= county else {
            section.findings.error(
                place,
                section.path(key),
                "a pool may only lower the county's limit of \(DurationText.text(Int(county.components.seconds)))",
                hint: "leave the key out, or raise sessions.\(key) in torhaus.yaml and lower it elsewhere"
            )
            return county
        }
        return read
    }
}
