// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads one desktop of a pool.

internal import DaemonSettings

/// Reads desktops.
struct DesktopReader {
    /// `municipality/pool`.
    let prefix: String

    /// One entry of `desktops`.
    func desktop(_ section: inout Section, _ names: inout [MunicipalityFile.Named]) -> Configuration.Desktop {
        let namePlace = section.place(of: "name")
        let dnsPlace = section.place(of: "dns")
        let name = MunicipalityFile.name(&section)
        let title = MunicipalityFile.title(&section, fallback: name)
        let dns = dns(&section) ?? name
        let rdp = endpoint(&section, "rdp")
        let vnc = endpoint(&section, "vnc")
        if !rdp.isThere, !vnc.isThere {
            section.findings.error(
                section.place,
                section.path,
                "the desktop has neither rdp nor vnc",
                hint: "rdp: 10.20.1.11:3389 for native clients, vnc: 10.20.1.11:5900 for the browser"
            )
        }
        let account = section.value("account").flatMap { value -> String? in
            guard let text = section.scalar(value, "account"), !text.isEmpty else { return nil }
            return section.line(value, "account", limit: ConfigurationLimits.groupBytes)
        }
        let id = "\(prefix)/\(name)"
        if !name.isEmpty {
            names.append(.init(name: name, key: section.path("name"), place: namePlace, desktop: id))
            if dns != name {
                names.append(.init(name: dns, key: section.path("dns"), place: dnsPlace, desktop: id))
            }
        }
        section.finish()
        return Configuration.Desktop(
            id: id,
            name: name,
            title: title,
            dns: dns,
            rdp: rdp.endpoint,
            vnc: vnc.endpoint,
            account: account ?? ""
        )
    }

    private func dns(_ section: inout Section) -> String? {
        guard let value = section.value("dns"), let text = section.scalar(value, "dns") else { return nil }
        guard !IPLiteral.isIPv4(text), !IPLiteral.isIPv6(text) else {
            section.findings.error(
                value.place,
                section.path("dns"),
                "this is an address, and everybody who gets the .rdp file would read it",
                hint: "write a name, such as rb-01.desktops.example; the address belongs to rdp"
            )
            return nil
        }
        return section.text(value, "dns", .hostName)?.lowercased()
    }

    /// Whether the key is there, even when its value is a mistake, and the value.
    private func endpoint(
        _ section: inout Section,
        _ key: String
    ) -> (isThere: Bool, endpoint: Configuration.Endpoint?) {
        guard let value = section.value(key) else { return (false, nil) }
        guard let text = section.scalar(value, key) else { return (true, nil) }
        guard let endpoint = NetworkEndpoint(text) else {
            let port = key == "rdp" ? 3389 : 5900
            section.findings.error(
                value.place,
                section.path(key),
                "expected HOST:PORT",
                hint: "write for example 10.20.1.11:\(port) or [2001:db8::11]:\(port); "
                    + "found \"\(Spelling.printable(text))\""
            )
            return (true, nil)
        }
        return (true, Configuration.Endpoint(host: endpoint.host, port: endpoint.port))
    }
}
