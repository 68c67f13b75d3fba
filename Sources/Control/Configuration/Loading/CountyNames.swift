// SPDX-License-Identifier: EUPL-1.2
// Torhaus: desktops' names and DNS names are one set for the whole county, for a client asks by either.

/// Remembers which name is whose.
final class CountyNames {
    private var owners: [String: (desktop: String, file: String, line: Int)] = [:]

    /// Notes a mistake for each name that another desktop has.
    func add(_ names: [MunicipalityFile.Named], _ findings: Findings) {
        for named in names {
            let name = named.name.lowercased()
            if let owner = owners[name] {
                findings.error(
                    named.place,
                    named.key,
                    "the desktop \(owner.desktop) has the name \"\(named.name)\" already",
                    hint: "see \(owner.file):\(owner.line); names and dns are unique in the county"
                )
            } else {
                owners[name] = (named.desktop, findings.file, named.place.line)
            }
        }
    }
}
